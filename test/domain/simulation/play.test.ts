import { describe, expect, test } from '@jest/globals';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { play, type Played } from '../../../src/domain/simulation/play.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { parseScenario } from '../../../src/domain/simulation/scenario.ts';
import { summarize } from '../../../src/domain/simulation/summary.ts';
import { playMany } from '../../../dev/evidence/tables.ts';
import { proving } from '../../../dev/evidence/watchers.ts';
import { defaultPlan } from '../../support/plans.ts';

const hour = 3_600_000;
const day = 24 * hour;

function playTimes(
  times: number,
  text: string,
  plan: Plan = defaultPlan(),
  requestsPerSecond = 10,
): Played[] {
  const scenario = parseScenario(text);
  if (scenario === null) throw new Error(`${text} is no scenario`);
  const random = seededRandom(1);
  return Array.from({ length: times }, () => play({ plan, scenario, requestsPerSecond, random }));
}

describe('the built-in plan', () => {
  test('promotes what is as stable, after all bakes and a day', () => {
    for (const it of playTimes(5, 'good'))
      expect(it).toMatchObject({
        outcome: 'promoted',
        because: '',
        weightPercent: 100,
        heldMs: 0,
        afterMs: 7 * hour + day,
      });
  });

  test('counts what the canary was sent', () => {
    const [it] = playTimes(1, 'good');
    // 10 a second: 1 % for 1 h, 10 % for 2 h, 50 % for 4 h, all for a day.
    expect(it?.requests).toBe(360 + 7200 + 72_000 + 864_000);
  });

  test('rolls back what fails, by the guard, soon', () => {
    for (const it of playTimes(20, 'errors=50%')) {
      expect(it).toMatchObject({ outcome: 'rolledBack', because: 'guard error-rate', weightPercent: 1 });
      expect(it.afterMs).toBeLessThan(5 * 60_000);
      expect(it.failed).toBeGreaterThan(0);
      expect(it.failed).toBeLessThanOrEqual(it.requests);
    }
  });

  test('waits for traffic that does not come to the limit of its hold', () => {
    expect(playTimes(1, 'no-traffic')).toEqual([
      {
        ...{ outcome: 'rolledBack', because: 'hold limit', weightPercent: 1 },
        ...{ afterMs: hour + day, heldMs: day, requests: 0, failed: 0 },
      },
    ]);
  });

  test('ends as the play of every look ends that is behind docs/evidence.md', () => {
    const plan = defaultPlan({ keepOldMs: hour });
    const share = (some: readonly { readonly outcome: string }[]) =>
      some.filter((it) => it.outcome === 'rolledBack').length / some.length;
    const scene = { requestsPerSecond: 10, errorShare: () => 0.05 };
    const exact = playMany(plan, scene, proving(plan), 80);
    const ours = playTimes(80, 'errors=5%', plan);
    expect(share(ours)).toBe(share(exact));
    const median = (some: readonly { readonly afterMs: number }[]) =>
      some.map((it) => it.afterMs).toSorted((one, other) => one - other)[40] ?? NaN;
    expect(median(ours) / median(exact)).toBeGreaterThan(0.7);
    expect(median(ours) / median(exact)).toBeLessThan(1.4);
  });
});

test('a hold that is to be kept is held, not rolled back', () => {
  const plan = defaultPlan({ hold: { limitMs: hour, then: 'keepHolding' } });
  expect(playTimes(1, 'no-traffic', plan)[0]).toMatchObject({ outcome: 'held', heldMs: hour });
});

test('a guard of any metric sees its scenario', () => {
  const [guard] = defaultPlan().guards;
  if (guard === undefined) throw new Error('no guard');
  const criterion = { metric: 'tokens-per-request', quantile: 0.5, maxRatio: 1.5 } as const;
  const plan = defaultPlan({ guards: [{ ...guard, criterion }] });
  for (const it of playTimes(5, 'dearer=3', plan))
    expect(it).toMatchObject({ outcome: 'rolledBack', because: 'guard tokens-per-request p50' });
});

test('a breach that has to last lasts so long', () => {
  const guards = defaultPlan().guards.map((it) => ({ ...it, sustainedForMs: 600_000 }));
  for (const it of playTimes(5, 'errors=100%', defaultPlan({ guards })))
    expect(it.afterMs).toBeGreaterThanOrEqual(600_000);
});

test('the summary: shares of all, reasons by frequency, medians and nine of ten', () => {
  const back = (because: string, afterMs: number): Played => {
    return {
      outcome: 'rolledBack',
      because,
      weightPercent: 1,
      afterMs,
      heldMs: 0,
      requests: afterMs,
      failed: 1,
    };
  };
  const promoted: Played = { ...back('', 9), outcome: 'promoted', heldMs: 5 };
  const backs = [back('a', 1), back('b', 2), back('b', 3)];
  expect(summarize([...backs, promoted])).toEqual({
    times: 4,
    ...{ promoted: 0.25, rolledBack: 0.75, held: 0 },
    because: [
      { what: 'b', share: 0.5 },
      { what: 'a', share: 0.25 },
    ],
    rollbacks: {
      afterMs: { median: 2, p90: 3 },
      requests: { median: 2, p90: 3 },
      failed: { median: 1, p90: 1 },
    },
    heldMs: { median: 5, p90: 5 },
  });
  expect(summarize([promoted]).rollbacks).toBeNull();
  expect(summarize(backs).heldMs).toBeNull();
});
