import { Command } from 'commander';
import type { Plan } from '../../domain/plan/plan.ts';
import { renderProblem } from '../../plan-file/problem.ts';
import { type CliContext, withRollouts } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import {
  addOrderFlags,
  clusterOption,
  namespaceOption,
  outputOption,
  summaryOption,
  watchLimitOption,
  type OrderFlags,
  type OutputFlag,
  type SummaryFlag,
  type WatchLimitFlag,
} from '../flags.ts';
import { type ExpectedPlace, mustBeIn, readPlan } from '../plan.ts';
import { CliProblem } from '../problem.ts';
import { paintFor } from '../render/paint.ts';
import { takenText } from '../render/taken.ts';
import { nameText, placeFlags } from '../rollouts/name.ts';
import type { Run, StartAnswer } from '../rollouts/rollouts.ts';
import { temporalUi } from '../rollouts/ui-url.ts';
import { SummaryRecorder } from '../summary/recorder.ts';
import { watchRun } from '../watch/watch-run.ts';

type StartFlags = ExpectedPlace &
  OrderFlags &
  OutputFlag &
  SummaryFlag &
  WatchLimitFlag & { readonly watch?: true };

const examples = `
Examples:
  sluice start rollout.yaml --watch
  sluice start rollout.yaml --reason "release 2.3.1" --output json
  sluice start rollout.yaml --watch --watch-limit 5h --summary "$GITHUB_STEP_SUMMARY"

Started twice with the same file, it joins the rollout that runs; with another, it refuses.
With --watch it exits as the rollout ends. Ctrl-C, or killing it, ends only watching.`;

export function startCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  const command = new Command('start')
    .argument('<file>', 'rollout file (YAML)')
    .description('Start the rollout that a file describes')
    .option('--watch', 'show it until it ends; the exit code says how')
    .addOption(watchLimitOption())
    .addOption(summaryOption())
    .addOption(namespaceOption('refuse a file that is for another Kubernetes namespace'))
    .addOption(clusterOption('refuse a file that is for another cluster'));
  return addOrderFlags(command, cli.env)
    .addOption(outputOption('lines for people, or one JSON object a line'))
    .addHelpText('after', examples)
    .action(async (file: string, flags: StartFlags) => {
      if (flags.watchLimit !== undefined && !flags.watch) throw limitWithoutWatch();
      const summary = new SummaryRecorder(flags.summary, cli);
      finish(await summary.during(() => start(cli, file, flags, summary)));
    });
}

async function start(
  cli: CliContext,
  file: string,
  flags: StartFlags,
  summary: SummaryRecorder,
): Promise<ExitCode> {
  const ui = temporalUi(cli.env);
  const plan = await planOf(cli, file, flags);
  const { cluster, namespace } = plan.target;
  summary.note({ plan, rollout: { cluster, namespace, name: plan.name } });
  // From here on, so that a signal while Temporal is asked does not leave open whether it was.
  const interruption = flags.watch ? cli.terminal.interruption() : null;
  return withRollouts(cli, async (rollouts) => {
    if (interruption?.aborted) throw interrupted();
    summary.note({
      standing: 'unknown',
      sentence: 'Temporal was asked to start it and has not answered yet',
    });
    const answer = await rollouts.start({ plan, startedBy: flags.by, reason: flags.reason });
    if (answer.kind === 'taken') {
      summary.note({ standing: 'notStarted' });
      throw taken(cli, answer);
    }
    const url = rollouts.urlOf(answer.run, ui);
    summary.note({ standing: 'running', sentence: answer.kind, runId: answer.run.runId, url });
    tell(cli, { ...answer, url }, plan, flags);
    if (answer.kind === 'started' && answer.advice !== null) cli.terminal.err(`${answer.advice}\n`);
    if (interruption === null) return exitCodes.ok;
    const listener = summary.reporter();
    return watchRun(cli, rollouts, answer.run, { ...flags, interruption, listener });
  });
}

function limitWithoutWatch(): CliProblem {
  return new CliProblem(exitCodes.badInput, '--watch-limit must come with --watch: found it alone');
}

function interrupted(): CliProblem {
  return new CliProblem(exitCodes.interrupted, 'Interrupted before it was started; nothing was changed');
}

async function planOf({ terminal }: CliContext, file: string, flags: StartFlags): Promise<Plan> {
  const paint = paintFor(terminal.colour);
  const reading = await readPlan(file);
  if (reading.kind === 'refused') {
    const lines = reading.problems.map((problem) => `  ${renderProblem(problem)}`).join('\n');
    throw new CliProblem(
      exitCodes.badInput,
      `Cannot start what ${file} describes; nothing was changed:\n${lines}`,
    );
  }
  for (const warning of reading.warnings)
    terminal.err(`${paint.warn('warning')} ${renderProblem(warning)}\n`);
  mustBeIn(reading.plan, file, flags);
  return reading.plan;
}

function tell(
  { terminal }: CliContext,
  answer: { kind: string; run: Run; url: string | null },
  plan: Plan,
  flags: StartFlags,
): void {
  const { rollout, runId } = answer.run;
  const { version } = plan.release;
  const { url } = answer;
  if (flags.output === 'json') {
    terminal.out(`${JSON.stringify({ type: answer.kind, ...rollout, runId, version, url })}\n`);
    return;
  }
  const what = answer.kind === 'started' ? 'Started' : 'This very rollout runs already; joined';
  const where = `${rollout.name}${placeFlags(rollout)}`;
  const advice = flags.watch
    ? ''
    : `  watch:     sluice watch ${where}\n  roll back: sluice abort ${where}\n`;
  const page = url === null ? '' : `  Temporal:  ${url}\n`;
  terminal.out(`${what}: ${nameText(rollout)} to ${version}\n${page}${advice}`);
}

function taken({ now }: CliContext, { by }: StartAnswer & { kind: 'taken' }): CliProblem {
  const where = `${by.run.rollout.name}${placeFlags(by.run.rollout)}`;
  return new CliProblem(
    exitCodes.badInput,
    takenText(by, now()),
    `Wait for it (sluice watch ${where}) or roll it back (sluice abort ${where}), then start again.`,
  );
}
