import type { CliContext } from '../context.ts';
import { exitCodeOf, exitCodes, type ExitCode } from '../exit-codes.ts';
import type { OutputFlag, WatchLimitFlag } from '../flags.ts';
import { placeFlags } from '../rollouts/name.ts';
import type { Rollouts, Run } from '../rollouts/rollouts.ts';
import { type Ending, follow, type Reporter } from './follow.ts';
import { jsonReporter, lineReporter, liveReporter } from './reporters.ts';

export interface WatchRunOptions extends OutputFlag, WatchLimitFlag {
  /** Ends watching. */
  readonly interruption: AbortSignal;
  /** Hears everything that the person in front of the terminal sees. */
  readonly listener: Reporter;
}

/** Shows a run until it ends; the exit code says how. */
export async function watchRun(
  { terminal, now }: CliContext,
  rollouts: Rollouts,
  run: Run,
  { output, watchLimit, interruption, listener }: WatchRunOptions,
): Promise<ExitCode> {
  const text = terminal.live ? liveReporter : lineReporter;
  const reporter = output === 'json' ? jsonReporter(terminal, codeOf) : text(terminal);
  const limit = watchLimit === undefined ? [] : [AbortSignal.timeout(watchLimit)];
  const signal = AbortSignal.any([interruption, ...limit]);
  const ending = await follow(rollouts, run, both(reporter, listener), { signal, now });
  if (ending.kind === 'interrupted') terminal.err(goesOn(run));
  return codeOf(ending);
}

function both(one: Reporter, other: Reporter): Reporter {
  return {
    view: (view) => {
      one.view(view);
      other.view(view);
    },
    end: (ending) => {
      one.end(ending);
      other.end(ending);
    },
  };
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
