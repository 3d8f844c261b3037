import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Plan } from '../../src/domain/plan/plan.ts';
import {
  allOf,
  done,
  everySecondWrite,
  inside,
  inTheBake,
  onlyIn,
  told,
  type Deaths,
} from '../support/deaths.ts';
import { errorGate, longPhase } from '../support/error-criteria.ts';
import { inTurns } from '../support/in-turns.ts';
import { failures, noFailures } from '../support/load-facts.ts';
import { activityTypes } from '../support/moments.ts';
import { standinRelease } from '../support/releases.ts';
import { walk, type Walked, type Way } from '../support/walk.ts';

const second = 1000;
const minute = 60 * second;
/** All walks together, on a machine that has more to do. */
const patienceMs = 60 * minute;

/** By which late attempts are refused. */
const leftMarks = ['Deployment vllm sluice.dev/ended', 'HTTPRoute llm sluice.dev/fence'];
/** They change nothing; all others write. */
const readers = ['preflight', 'watchGuards', 'judgeGates', 'awaitGates', 'drainCanary', 'notify'];
const forward = ['preflight', 'takeTarget', 'readyCanary', 'shiftWeight', 'judgeGates', 'awaitGates'];
const wayBack = ['moveTrafficBack', 'undoStable', 'drainCanary', 'clearAway', 'notify'];

/** When stable has just got the release, as a part of the finish. */
const abortsAt: Way['abortsAt'] = ({ write, when }) =>
  when === 'after' && write?.startsWith('patch deployments/vllm {"metadata":{"annotations"') === true;
const longBakeMs = 30 * second;
const lastPhase = longPhase(100, { bakeMs: 2 * second });
const longBake: Partial<Plan> = {
  phases: [longPhase(50, { bakeMs: longBakeMs, gates: [errorGate] }), lastPhase],
};
const bad: Partial<Plan> = {
  release: standinRelease('canary', { behaviour: { errors: { http500PerThousand: 500 } } }),
  phases: [longPhase(50), lastPhase],
};

/** Every write once, on one of its sides. */
const bothSides = (): Deaths => allOf(everySecondWrite('before', 0), everySecondWrite('after', 1));
/** The longest ones first. */
const ways = {
  'promoted, between its activities': { deaths: told(...forward, 'renewStable', ...wayBack) },
  'promoted, before its writes': { deaths: everySecondWrite('before', 0) },
  'promoted, after its writes': { deaths: everySecondWrite('after', 1) },
  'aborted, at its writes': { abortsAt, deaths: allOf(bothSides(), told('undoStable')) },
  'adopted, at its writes': {
    changes: { finish: 'adopt' },
    deaths: onlyIn('adoptCanary', allOf(bothSides(), told('adoptCanary'))),
  },
  'promoted, as it reads': {
    changes: longBake,
    deaths: allOf(inside(...readers), onlyIn('watchGuards', inTheBake(10))),
  },
  'rolled back by a breach': {
    changes: bad,
    deaths: allOf(done('watchGuards'), told('watchGuards')),
  },
  'promoted by two workers': { workers: 2, deaths: everySecondWrite('after', 0) },
  'promoted, nobody dies': {},
} satisfies Record<string, Way>;
type Name = keyof typeof ways;

describe('the worker is killed again and again', () => {
  let walks: Record<Name, Promise<Walked>>;
  beforeAll(() => {
    // Each waits most of the time: for heartbeats that do not come.
    walks = inTurns(4, ways, (way) => walk({ purpose: 'death', ratePerSecond: 3 }, way));
  });
  afterAll(() => Promise.allSettled(Object.values(walks)), patienceMs);

  test.each<{ name: Name }>([
    { name: 'promoted, nobody dies' },
    { name: 'promoted, between its activities' },
    { name: 'promoted, before its writes' },
    { name: 'promoted, after its writes' },
    { name: 'promoted, as it reads' },
    { name: 'promoted by two workers' },
  ])(
    '$name: ends as it does undisturbed, and no request fails',
    async ({ name }) => {
      const { died, report, ...walked } = await walks[name];
      const undisturbed = await walks['promoted, nobody dies'];
      expect(walked).toMatchObject({
        outcome: { status: 'promoted', reason: 'completed', leftToDo: [] },
        weights: [0, 50, 100, 0],
        changed: { 'Deployment/vllm': expect.stringContaining('"canary"') },
      });
      expect({ died, ...endOf(walked) }).toEqual({ died, ...endOf(undisturbed) });
      expect({ died, ...failures(report) }).toEqual({ died, ...noFailures });
    },
    patienceMs,
  );

  test(
    'adopted: ends with the objects that an update ends with, and no request fails',
    async () => {
      const { died, report, outcome, weights, changed } = await walks['adopted, at its writes'];
      const undisturbed = await walks['promoted, nobody dies'];
      expect({ died, outcome, weights, changed }).toEqual({
        died,
        outcome: undisturbed.outcome,
        weights: undisturbed.weights,
        changed: undisturbed.changed,
      });
      expect({ died, ...failures(report) }).toEqual({ died, ...noFailures });
    },
    patienceMs,
  );

  test(
    'aborted in the finish: all is as it was, and no request fails',
    async () => {
      const { died, report, ...walked } = await walks['aborted, at its writes'];
      expect({ died, ...walked }).toMatchObject({
        outcome: { status: 'rolledBack', reason: 'abort', leftToDo: [] },
        weights: [0, 50, 100, 0],
        changed: {},
        marks: leftMarks,
      });
      expect(walked.changed).toEqual({});
      expect({ died, ...failures(report) }).toEqual({ died, ...noFailures });
    },
    patienceMs,
  );

  test(
    'rolled back by a breach: all is as it was, and only what the canary answered fails',
    async () => {
      const { died, report, ...walked } = await walks['rolled back by a breach'];
      expect({ died, ...walked }).toMatchObject({
        outcome: { status: 'rolledBack', reason: 'breach', leftToDo: [] },
        weights: [0, 50, 0],
        marks: leftMarks,
      });
      expect(walked.changed).toEqual({});
      const { stable, canary } = report.arms;
      expect({ arms: Object.keys(report.arms).sort(), stable: stable?.failures }).toEqual({
        arms: ['canary', 'stable'],
        stable: {},
      });
      expect(canary?.failures).toEqual({ status_500: canary?.failed });
    },
    patienceMs,
  );

  test(
    'a bake ends on time though the worker dies in it',
    async () => {
      const { died, firstBakeMs } = await walks['promoted, as it reads'];
      expect(died.map(({ death }) => death)).toContain('in the bake');
      expect(firstBakeMs).toBeGreaterThanOrEqual(longBakeMs);
      // Begun anew it would take as long again as it had lasted: ten seconds at least.
      expect(firstBakeMs).toBeLessThan(longBakeMs + 8 * second);
    },
    patienceMs,
  );

  test(
    'it has died in every activity, after every activity, and at every write',
    async () => {
      const all = await Promise.all(Object.values(walks));
      const deaths = all.flatMap(({ died }) => died);
      const between = deaths.filter(({ death }) => death.startsWith('told '));
      const within = deaths.filter((it) => !between.includes(it));
      expect(new Set(between.map(({ death }) => death.replace('told ', '')))).toEqual(new Set(activityTypes));
      expect(new Set(within.flatMap(({ running }) => running))).toEqual(new Set(activityTypes));
      const died = new Set(deaths.map(({ death }) => death.replace(/^(before|after) /, '')));
      const { writes } = await walks['promoted, nobody dies'];
      expect(writes.filter((it) => !died.has(it))).toEqual([]);
    },
    patienceMs,
  );
});

/** What a rollout leaves behind, and the way that it took. */
function endOf({ outcome, scheduled, weights, changed, marks }: Omit<Walked, 'died' | 'report'>): object {
  return { outcome, scheduled, weights, changed, marks };
}
