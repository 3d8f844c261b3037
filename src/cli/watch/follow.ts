import { setTimeout as pause } from 'node:timers/promises';
import type { RolloutEvent, RolloutOutcome, RolloutState } from '../../domain/rollout/state.ts';
import type { Rollouts, Run } from '../rollouts/rollouts.ts';
import { newEvents } from './news.ts';
import { type Silence, silenceAfter } from './silence.ts';

/** What is known after a look. */
export interface View {
  readonly run: Run;
  readonly nowMs: number;
  /** The newest that was heard; null until the first answer. */
  readonly state: RolloutState | null;
  /** Not reported before. */
  readonly events: readonly RolloutEvent[];
  readonly silence: Silence | null;
}

export type Ending =
  | { readonly kind: 'ended'; readonly outcome: RolloutOutcome }
  | { readonly kind: 'cutOff'; readonly how: string }
  /** Only watching has ended. */
  | { readonly kind: 'interrupted' };

/** Shows what is seen; one each for terminals, logs and programs. */
export interface Reporter {
  view(view: View): void;
  end(ending: Ending): void;
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Between looks. @default 1 s */
  readonly everyMs?: number;
  readonly now: () => number;
}

/**
 * Looks at a run until it has ended or `signal` aborts. Temporal or the worker being away ends nothing: looking goes
 * on.
 *
 * @throws CliProblem when the run is not there any more.
 */
export async function follow(
  rollouts: Rollouts,
  run: Run,
  reporter: Reporter,
  { signal, everyMs = 1000, now }: FollowOptions,
): Promise<Ending> {
  let state: RolloutState | null = null;
  let silence: Silence | null = null;
  const finish = (ending: Ending) => {
    reporter.end(ending);
    return ending;
  };
  while (!signal.aborted) {
    const sight = await rollouts.look(run);
    const nowMs = now();
    silence = silenceAfter(silence, sight, nowMs);
    const seen: RolloutState | null = 'state' in sight ? (sight.state ?? state) : state;
    reporter.view({
      run,
      nowMs,
      state: seen,
      events: newEvents(state?.events ?? [], seen?.events ?? []),
      silence,
    });
    state = seen;
    if (sight.kind === 'ended') return finish({ kind: 'ended', outcome: sight.outcome });
    if (sight.kind === 'cutOff') return finish({ kind: 'cutOff', how: sight.how });
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
  }
  return finish({ kind: 'interrupted' });
}
