import type { RolloutState } from '../rollout/state.ts';

/** A time in which the canary had one weight above 0. */
export interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly weightPercent: number;
}

/** Of a rollout that runs, the last one ends now. */
export function stretchesOf(
  state: Pick<RolloutState, 'weights' | 'events' | 'outcome'>,
  nowMs: number,
): Stretch[] {
  const { weights, events, outcome } = state;
  const endMs = outcome === null ? nowMs : (events.at(-1)?.atMs ?? nowMs);
  return weights
    .map(({ atMs, percent }, index) => {
      return { fromMs: atMs, untilMs: weights[index + 1]?.atMs ?? endMs, weightPercent: percent };
    })
    .filter(({ fromMs, untilMs, weightPercent }) => weightPercent > 0 && untilMs > fromMs);
}

/** What is counted for one point of a plot: the time up to then. */
export interface Sample {
  readonly atMs: number;
  readonly windowMs: number;
}

/** As many as a plot shows of one stretch: the default plan has four of them. */
const mostSamples = 24;
/** Less than a few scrapes tell nothing. */
const shortestMs = 10_000;

/** Evenly, without gaps, so that nothing that was counted is left out; of a stretch that is very short, one. */
export function samplesOf({ fromMs, untilMs }: Stretch): Sample[] {
  const lengthMs = untilMs - fromMs;
  const amount = Math.min(mostSamples, Math.max(1, Math.floor(lengthMs / shortestMs)));
  const windowMs = lengthMs / amount;
  return Array.from({ length: amount }, (_, index) => {
    return { atMs: Math.round(fromMs + windowMs * (index + 1)), windowMs: Math.max(1, Math.round(windowMs)) };
  });
}
