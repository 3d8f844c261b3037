import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Plan } from '../../src/domain/plan/plan.ts';
import {
  allOf,
  done,
  everySecondWrite,
  inside,
  inTheBake,
  onlyAt,
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
const inTheFinish: Way['abortsAt'] = ({ write, when }) =>
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
/** The judge is all that there is to wait for. */
const judgedPhase: Partial<Plan> = { phases: [longPhase(50, { bakeMs: 2 * second }), lastPhase] };
/** Far longer than until the abort. */
const slowJudge = { latencyMs: 100 * second };

/** Every write once, on one of its sides. */
const bothSides = (): Deaths => allOf(everySecondWrite('before', 0), everySecondWrite('after', 1));
const otherSides = (): Deaths => allOf(everySecondWrite('after', 0), everySecondWrite('before', 1));
/** Of Jobs and NetworkPolicies; none is ever changed. */
const judgesWrites = /^(create|delete) .*-judge-/;
/** The longest ones first. */
const ways = {
  'promoted, between its activities': { deaths: told(...forward, 'renewStable', ...wayBack) },
  'promoted, before its writes': { deaths: everySecondWrite('before', 0) },
  'promoted, after its writes': { deaths: everySecondWrite('after', 1) },
  'aborted, at its writes': { abortsAt: inTheFinish, deaths: allOf(bothSides(), told('undoStable')) },
  'adopted, at its writes': {
    changes: { finish: 'adopt' },
    deaths: onlyIn('adoptCanary', allOf(bothSides(), told('adoptCanary'))),
  },
  'promoted, as it reads': {
    changes: longBake,
    deaths: allOf(inside(...readers), onlyIn('watchGuards', inTheBake(10))),
  },
  'judged, at its writes': {
    ...{ judge: {}, changes: judgedPhase },
    deaths: allOf(onlyAt(judgesWrites, bothSides()), done('judgePhase'), told('judgePhase')),
  },
  'aborted as it is judged': {
    ...{ judge: slowJudge, changes: judgedPhase, abortsAt: asItIsJudged(8) },
    deaths: onlyIn('endJudging', allOf(onlyAt(judgesWrites, otherSides()), told('endJudging'))),
  },
  'promoted by two workers': { workers: 2, deaths: everySecondWrite('after', 0) },
  'rolled back by a breach': {
    changes: bad,
    deaths: allOf(done('watchGuards'), told('watchGuards')),
  },
  'judged, nobody dies': { judge: {}, changes: judgedPhase },
  'promoted, nobody dies': {},
} satisfies Record<string, Way>;
type Name = keyof typeof ways;

const unjudged = { like: 'promoted, nobody dies', judged: [] } as const;
/** One Job, that of the worker that died, gave the one answer. */
const judgedOnce = {
  like: 'judged, nobody dies',
  judged: [{ phase: 0, attempts: 1, failures: [], outcomes: ['pass'] }],
} as const;

describe('the worker is killed again and again', () => {
  let walks: Record<Name, Promise<Walked>>;
  beforeAll(() => {
    // Each waits most of the time: for heartbeats that do not come.
    walks = inTurns(4, ways, (way) => walk({ purpose: 'death', ratePerSecond: 3 }, way));
  });
  afterAll(() => Promise.allSettled(Object.values(walks)), patienceMs);

  test.each<{ name: Name; like: Name; judged: Walked['judged'] }>([
    { name: 'promoted, nobody dies', ...unjudged },
    { name: 'promoted, between its activities', ...unjudged },
    { name: 'promoted, before its writes', ...unjudged },
    { name: 'promoted, after its writes', ...unjudged },
    { name: 'promoted, as it reads', ...unjudged },
    { name: 'promoted by two workers', ...unjudged },
    { name: 'judged, nobody dies', ...judgedOnce },
    { name: 'judged, at its writes', ...judgedOnce },
  ])(
    '$name: ends as it does undisturbed, and no request fails',
    async ({ name, like, judged }) => {
      const { died, report, ...walked } = await walks[name];
      const undisturbed = await walks[like];
      expect(walked).toMatchObject({
        outcome: { status: 'promoted', reason: 'completed', leftToDo: [] },
        judged,
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

  test.each<{ name: Name; weights: readonly number[] }>([
    { name: 'aborted, at its writes', weights: [0, 50, 100, 0] },
    { name: 'aborted as it is judged', weights: [0, 50, 0] },
  ])(
    '$name: all is as it was, and no request fails',
    async ({ name, weights }) => {
      const { died, report, ...walked } = await walks[name];
      expect({ died, ...walked }).toMatchObject({
        outcome: { status: 'rolledBack', reason: 'abort', leftToDo: [] },
        judged: [],
        weights,
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
      const undisturbed = [await walks['promoted, nobody dies'], await walks['judged, nobody dies']];
      const writes = undisturbed.flatMap((it) => it.writes);
      expect(writes.filter((it) => !died.has(it))).toEqual([]);
    },
    patienceMs,
  );
});

/** What a rollout leaves behind, and the way that it took. */
function endOf(walked: Omit<Walked, 'died' | 'report'>): object {
  const { outcome, scheduled, judged, weights, changed, marks } = walked;
  return { outcome, scheduled, judged, weights, changed, marks };
}

/** When the judge's pod has been looked at so often, once a second: by then it is at work. */
function asItIsJudged(looks: number): NonNullable<Way['abortsAt']> {
  let seen = 0;
  return ({ what, when }) => {
    if (when === 'after' && /\/pods\?.*judge/.test(what)) seen += 1;
    return seen >= looks;
  };
}
