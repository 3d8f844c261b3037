import type { CliContext } from '../context.ts';
import { exitCodeOf, exitCodes, type ExitCode } from '../exit-codes.ts';
import type { OutputFlag } from '../flags.ts';
import { placeFlags } from '../rollouts/name.ts';
import type { Rollouts, Run } from '../rollouts/rollouts.ts';
import { type Ending, follow } from './follow.ts';
import { jsonReporter, lineReporter, liveReporter } from './reporters.ts';

/** Shows a run until it ends; the exit code says how. */
export async function watchRun(
  { terminal, now }: CliContext,
  rollouts: Rollouts,
  run: Run,
  { output }: OutputFlag,
): Promise<ExitCode> {
  const text = terminal.live ? liveReporter : lineReporter;
  const reporter = output === 'json' ? jsonReporter(terminal, codeOf) : text(terminal);
  const ending = await follow(rollouts, run, reporter, { signal: terminal.interruption(), now });
  if (ending.kind === 'interrupted') terminal.err(goesOn(run));
  return codeOf(ending);
}

function codeOf(ending: Ending): ExitCode {
  switch (ending.kind) {
    case 'ended':
      return exitCodeOf(ending.outcome);
    case 'cutOff':
      return exitCodes.unexpected;
    case 'interrupted':
      return exitCodes.interrupted;
  }
}

function goesOn({ rollout }: Run): string {
  const where = `${rollout.name}${placeFlags(rollout)}`;
  return `Watching has ended; the rollout goes on.\n  watch again: sluice watch ${where}\n  roll back:   sluice abort ${where}\n`;
}
