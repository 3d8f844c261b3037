import { Command, Option } from 'commander';
import { combine } from '../../domain/analysis/verdict.ts';
import type { JudgeAnswer } from '../../domain/judge/answer.ts';
import { judgeVerdicts } from '../../domain/judge/verdicts.ts';
import { judgeDefaults as usual } from '../../domain/plan/judge-defaults.ts';
import { evidences } from '../../domain/plan/evidence.ts';
import { judgeFormats, judgeRanges as ranges } from '../../domain/plan/rules/judge-values.ts';
import { checkedOption, durationIn, numberIn, shareIn, textLike } from '../checked-option.ts';
import type { CliContext } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { outputOption } from '../flags.ts';
import { criterion, endpoint, header, price, promptSet } from '../judge/flag-values.ts';
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
  const { model } = judgeFormats;
  return command
    .addOption(checkedOption('--stable <url>', 'what serves today', endpoint).makeOptionMandatory())
    .addOption(checkedOption('--canary <url>', 'what is on trial', endpoint).makeOptionMandatory())
    .addOption(
      checkedOption(
        '--prompts <file>',
        'prompt set: a file of JSON lines, or its address',
        promptSet,
      ).makeOptionMandatory(),
    )
    .addOption(checkedOption('--judge <url>', 'an OpenAI-compatible endpoint', endpoint))
    .addOption(checkedOption('--judge-model <name>', 'the model that judges', textLike(model)))
    .addOption(
      checkedOption(
        '--model <name>',
        'the model to ask both for; default the first that each offers',
        textLike(model),
      ),
    )
    .addOption(checkedOption('--canary-model <name>', 'another one for the canary', textLike(model)))
    .addOption(
      checkedOption('--header <line>', 'NAME: VALUE, for both; may repeat', header).default({}, 'none'),
    )
    .addOption(
      checkedOption(
        '--criterion <line>',
        'NAME: SENTENCE, what answers are graded by; may repeat',
        criterion,
      ).default([], usual.criteria.map((it) => it.name).join(', ')),
    )
    .addOption(
      checkedOption(
        '--max-drop <share>',
        'of stable’s mean score; 10% if no limit is given',
        shareIn(ranges.limit),
      ),
    )
    .addOption(
      checkedOption(
        '--min-win-rate <share>',
        'wins and half of the ties, of all pairs',
        shareIn(ranges.limit),
      ),
    )
    .addOption(checkedOption('--min-score <share>', 'the canary’s mean score', shareIn(ranges.limit)))
    .addOption(new Option('--evidence <kind>', 'what it takes').choices(evidences).default(usual.evidence))
    .addOption(
      checkedOption('--minimum-pairs <n>', 'below which nothing passes', numberIn(ranges.pairs)).default(
        usual.minimumPairs,
      ),
    )
    .addOption(
      checkedOption('--most-prompts <n>', 'the same ones each time; default all', numberIn(ranges.prompts)),
    )
    .addOption(
      checkedOption('--concurrency <n>', 'requests under way at once', numberIn(ranges.concurrency)).default(
        usual.concurrency,
      ),
    )
    .addOption(
      checkedOption(
        '--requests-per-second <n>',
        'to each of both at most',
        numberIn(ranges.requestsPerSecond),
      ).default(usual.requestsPerSecond),
    )
    .addOption(
      checkedOption('--temperature <n>', 'for both', numberIn(ranges.temperature)).default(
        sampling.temperature,
      ),
    )
    .addOption(
      checkedOption('--seed <n>', 'for both, and for the judge', numberIn(ranges.seed)).default(
        sampling.seed,
      ),
    )
    .addOption(
      checkedOption('--max-tokens <n>', 'of an answer', numberIn(ranges.tokens)).default(sampling.maxTokens),
    )
    .addOption(
      checkedOption(
        '--deadline <time>',
        'then it ends with what it has',
        durationIn(ranges.deadlineMs),
      ).default(usual.deadlineMs, '1h'),
    )
    .option('--transcripts <folder>', 'keep what was said, with personal data masked')
    .addOption(
      checkedOption('--price <in,out>', 'of a million tokens of the judge, such as 0.15,0.6', price),
    );
}

/**
 * @returns null when a person ended it.
 * @throws CliProblem
 */
async function judged(cli: CliContext, { config, warnings }: JudgeOrder): Promise<JudgeAnswer | null> {
  const { terminal, env, now } = cli;
  const key = env['SLUICE_JUDGE_API_KEY'] ?? '';
  const paint = paintFor(terminal.colour);
  const warn = (text: string) => {
    terminal.err(`${paint.warn('warning')} ${text}\n`);
  };
  for (const it of warnings) warn(it);
  const { tell, end } = progressReporter(terminal);
  // Loaded when it is asked for: it brings clients and schemas.
  const { runJudge } = await import('../../judge/run-judge.ts');
  const deps = {
    apiKey: key === '' ? null : key,
    run: `judge-${new Date(now()).toISOString().replaceAll(/[-:]|\..*/g, '')}`,
    ...{ now, progress: tell, warn },
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
