import type { Plan } from '../../src/domain/plan/plan.ts';
import { drawBinomial } from '../../src/domain/simulation/draws.ts';
import type { Watcher } from './watchers.ts';

/** A service with a canary, as far as errors go. */
export interface Scene {
  /** Of the whole service. */
  readonly requestsPerSecond: number;
  /** The share of the canary's requests that fail, at a time since its first request. */
  readonly errorShare: (sinceStartMs: number) => number;
}

export interface Played {
  readonly outcome: 'promoted' | 'rolledBack' | 'held';
  /** From the canary's first request to the end, or to the hold. */
  readonly afterMs: number;
  /** Requests that the canary failed until then. */
  readonly harmed: number;
}

/** Plays one rollout: what the canary answers is chance, what is decided about it is not. */
export function play(plan: Plan, scene: Scene, watcher: Watcher, random: () => number): Played {
  let afterMs = 0;
  let harmed = 0;
  for (const [index, { weightPercent, bakeMs, gates }] of plan.phases.entries()) {
    const isLast = index === plan.phases.length - 1;
    const lastsMs = isLast ? plan.keepOldMs : bakeMs;
    const perMs = (scene.requestsPerSecond * weightPercent) / 100 / 1000;
    const total = [0];
    const bad = [0];
    const last = (windowMs: number) => {
      const now = total.length - 1;
      const start = Math.max(0, now - Math.round(windowMs / plan.guardIntervalMs));
      return { bad: at(bad, now) - at(bad, start), total: at(total, now) - at(total, start) };
    };
    for (let look = 1; look * plan.guardIntervalMs <= lastsMs; look += 1) {
      const elapsedMs = look * plan.guardIntervalMs;
      const requests = Math.round(perMs * elapsedMs) - at(total, look - 1);
      const failed = drawBinomial(requests, scene.errorShare(afterMs + elapsedMs), random);
      total.push(at(total, look - 1) + requests);
      bad.push(at(bad, look - 1) + failed);
      harmed += failed;
      if (watcher.isBreach({ elapsedMs, last }))
        return { outcome: 'rolledBack', afterMs: afterMs + elapsedMs, harmed };
    }
    afterMs += lastsMs;
    const asked = gates.filter(({ criterion }) => criterion.metric === 'error-rate');
    const outcomes = asked.map((gate) => watcher.gate(gate, last(lastsMs)));
    if (outcomes.includes('fail')) return { outcome: 'rolledBack', afterMs, harmed };
    if (outcomes.includes('inconclusive')) return { outcome: 'held', afterMs, harmed };
  }
  return { outcome: 'promoted', afterMs, harmed };
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? 0;
}
