import { Command, Option } from 'commander';
import { combine } from '../../domain/analysis/verdict.ts';
import type { JudgeAnswer } from '../../domain/judge/answer.ts';
import { judgeVerdicts } from '../../domain/judge/verdicts.ts';
import { judgeDefaults as usual } from '../../domain/plan/judge-defaults.ts';
import type { CliContext } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { outputOption, time } from '../flags.ts';
import { address, criterion, header, numberFrom, price, shareOf } from '../judge/flag-values.ts';
import { orderOf, type JudgeFlags, type JudgeOrder } from '../judge/options.ts';
import { progressReporter } from '../judge/progress.ts';
import { CliProblem } from '../problem.ts';
import { judgePage } from '../render/judge-page.ts';
import { paintFor } from '../render/paint.ts';
import { oneLine } from '../render/words.ts';

const examples = `
Examples:
  sluice judge --stable http://localhost:8000 --canary http://localhost:8001 \\
    --judge https://api.example.com --judge-model gpt-5-mini --prompts prompts.jsonl
  sluice judge --stable http://localhost:8000 --canary http://localhost:8001 --prompts checked.jsonl \\
    --min-score 85% --output json | jq .answer.pairs

The judge's key is taken from SLUICE_JUDGE_API_KEY. Without --judge every prompt needs a checker. Needs neither Temporal
nor the cluster. Exits with 0 when every limit is kept, 10 when one is broken, 12 when that cannot be said.`;

export function judgeCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  return addFlags(new Command('judge'))
    .description('Ask two endpoints the same prompts and have their answers compared, as a rollout would')
    .addOption(outputOption('a page, or the answer and its verdicts as JSON'))
    .addHelpText('after', examples)
    .action(async (flags: JudgeFlags) => {
      const order = orderOf(flags);
      const answer = await judged(cli, order);
      if (answer === null) {
        finish(exitCodes.interrupted);
        return;
      }
      const verdicts = judgeVerdicts(order.plan, order.standard, answer);
      const outcome = combine(verdicts);
      if (flags.output === 'json')
        cli.terminal.out(`${JSON.stringify({ outcome, verdicts, answer }, null, 2)}\n`);
      else cli.terminal.out(judgePage({ verdicts, answer }, order, paintFor(cli.terminal.colour)));
      finish(codes[outcome]);
    });
}

const codes = {
  pass: exitCodes.ok,
  fail: exitCodes.rolledBack,
  inconclusive: exitCodes.heldTooLong,
} as const;

function addFlags(command: Command): Command {
  const { sampling } = usual;
  return command
    .addOption(new Option('--stable <url>', 'what serves today').argParser(address).makeOptionMandatory())
    .addOption(new Option('--canary <url>', 'what is on trial').argParser(address).makeOptionMandatory())
    .requiredOption('--prompts <file>', 'prompt set: a file of JSON lines, or its address')
    .addOption(new Option('--judge <url>', 'an OpenAI-compatible endpoint').argParser(address))
    .option('--judge-model <name>', 'the model that judges')
    .option('--model <name>', 'the model to ask both for; default the first that each offers')
    .option('--canary-model <name>', 'another one for the canary')
    .addOption(
      new Option('--header <line>', 'NAME: VALUE, for both; may repeat')
        .argParser(header)
        .default({}, 'none'),
    )
    .addOption(
      new Option('--criterion <line>', 'NAME: SENTENCE, what answers are graded by; may repeat')
        .argParser(criterion)
        .default([], usual.criteria.map((it) => it.name).join(', ')),
    )
    .addOption(
      new Option('--max-drop <share>', 'of stable’s mean score; 10% if no limit is given').argParser(shareOf),
    )
    .addOption(
      new Option('--min-win-rate <share>', 'wins and half of the ties, of all pairs').argParser(shareOf),
    )
    .addOption(new Option('--min-score <share>', 'the canary’s mean score').argParser(shareOf))
    .addOption(
      new Option('--evidence <kind>', 'what it takes')
        .choices(['proven', 'estimate'])
        .default(usual.evidence),
    )
    .addOption(
      new Option('--minimum-pairs <n>', 'below which nothing passes')
        .argParser(numberFrom(1, 1_000_000))
        .default(usual.minimumPairs),
    )
    .addOption(
      new Option('--most-prompts <n>', 'the same ones each time; default all').argParser(
        numberFrom(1, 1_000_000),
      ),
    )
    .addOption(
      new Option('--concurrency <n>', 'requests under way at once')
        .argParser(numberFrom(1, 256))
        .default(usual.concurrency),
    )
    .addOption(
      new Option('--requests-per-second <n>', 'to each of both at most')
        .argParser(numberFrom(0.01, 10_000, false))
        .default(usual.requestsPerSecond),
    )
    .addOption(
      new Option('--temperature <n>', 'for both')
        .argParser(numberFrom(0, 2, false))
        .default(sampling.temperature),
    )
    .addOption(
      new Option('--seed <n>', 'for both, and for the judge')
        .argParser(numberFrom(0, 2 ** 31 - 1))
        .default(sampling.seed),
    )
    .addOption(
      new Option('--max-tokens <n>', 'of an answer')
        .argParser(numberFrom(1, 1_000_000))
        .default(sampling.maxTokens),
    )
    .addOption(
      new Option('--deadline <time>', 'then it ends with what it has')
        .argParser(time)
        .default(usual.deadlineMs, '1h'),
    )
    .option('--transcripts <folder>', 'keep what was said, with personal data masked')
    .addOption(
      new Option('--price <in,out>', 'of a million tokens of the judge, such as 0.15,0.6').argParser(price),
    );
}

/**
 * @returns null when a person ended it.
 * @throws CliProblem
 */
async function judged(cli: CliContext, { config }: JudgeOrder): Promise<JudgeAnswer | null> {
  const { terminal, env, now } = cli;
  const key = env['SLUICE_JUDGE_API_KEY'] ?? '';
  const paint = paintFor(terminal.colour);
  const { tell, end } = progressReporter(terminal);
  // Loaded when it is asked for: it brings clients and schemas.
  const { runJudge } = await import('../../judge/run-judge.ts');
  const deps = {
    apiKey: key === '' ? null : key,
    run: `judge-${new Date(now()).toISOString().replaceAll(/[-:]|\..*/g, '')}`,
    ...{ now, progress: tell },
    warn: (text: string) => {
      terminal.err(`${paint.warn('warning')} ${text}\n`);
    },
  };
  const outcome = await runJudge(config, deps, terminal.interruption());
  end();
  switch (outcome.kind) {
    case 'answered':
      return outcome.answer;
    case 'interrupted':
      return null;
    case 'refused':
      throw new CliProblem(exitCodes.badInput, `Nobody was asked: ${lines(outcome.problems)}`);
    case 'failed':
      throw new CliProblem(exitCodes.unexpected, `It could not be judged: ${oneLine(outcome.why)}`);
  }
}

/** All of them; a set that is of another form altogether has thousands. */
const mostShown = 20;

function lines(problems: readonly string[]): string {
  const shown = problems.slice(0, mostShown).map((it) => `\n  ${oneLine(it)}`);
  const rest = problems.length - shown.length;
  return `${shown.join('')}${rest > 0 ? `\n  and ${rest} more` : ''}`;
}
