import { describe, expect, test } from '@jest/globals';
import { CancelledFailure } from '@temporalio/common';
import type { JudgeAnswer } from '../../src/domain/judge/answer.ts';
import { failureTypes } from '../../src/domain/failures.ts';
import { PortFault } from '../../src/ports/faults.ts';
import type { JudgeJobState } from '../../src/ports/judge-jobs.ts';
import { FakeWorld } from '../support/fake-ports.ts';
import { judgePlan } from '../support/plans.ts';
import { order, plan, quietEnvironment, run } from '../support/run-activity.ts';

const judged = { ...order, plan: { ...plan, judge: judgePlan({ attempts: 3 }) } };
const look = { ...judged, phase: 1 };
const failed = (why: string): JudgeJobState => ({ kind: 'failed', why });
const running: JudgeJobState = { kind: 'running', what: 'its pod is pending' };

/** The canary's answers are a quarter worse. */
const worse: JudgeAnswer = {
  version: 1,
  pairs: {
    ...{ wins: 20, losses: 180, ties: 200 },
    scores: {
      count: 400,
      stable: { mean: 0.8, variance: 0.04 },
      canary: { mean: 0.6, variance: 0.04 },
      covariance: 0.02,
    },
  },
};

describe('judgePhase', () => {
  test('makes one Job, looks until it has answered, and holds the limits against the answer', async () => {
    const world = new FakeWorld();
    world.judge.push(running, running);
    const report = await run(world, 'judgePhase', look);
    expect(world.asked).toEqual([
      'start judge 1.1',
      ...['look at judge 1.1', 'look at judge 1.1', 'look at judge 1.1'],
    ]);
    expect(report).toMatchObject({ phase: 1, attempts: 1, failures: [] });
    expect(report.verdicts.map((it) => it.outcome)).toEqual(['pass']);
  });

  test('a quarter worse is a fail', async () => {
    const world = new FakeWorld();
    world.judge.push({ kind: 'answered', answer: worse });
    const { verdicts } = await run(world, 'judgePhase', look);
    expect(verdicts).toMatchObject([{ outcome: 'fail', metric: 'judge-quality-drop' }]);
  });

  test('a Job that fails is tried again under another name; the answer then counts', async () => {
    const world = new FakeWorld();
    world.judge.push(failed('evicted'), { kind: 'absent' });
    const report = await run(world, 'judgePhase', look);
    expect(world.asked.filter((it) => it.startsWith('start'))).toEqual([
      ...['start judge 1.1', 'start judge 1.2', 'start judge 1.3'],
    ]);
    expect(report).toMatchObject({
      attempts: 3,
      failures: ['evicted', 'somebody has removed its Job'],
      verdicts: [{ outcome: 'pass' }],
    });
  });

  test('as many failed Jobs as the plan allows are inconclusive, with the reason: never a pass (S6)', async () => {
    const world = new FakeWorld();
    world.judge.push(failed('evicted'), failed('evicted'), failed('no image'));
    const report = await run(world, 'judgePhase', look);
    expect(report).toMatchObject({ attempts: 3, answer: null, failures: ['evicted', 'evicted', 'no image'] });
    expect(report.verdicts).toMatchObject([
      {
        outcome: 'inconclusive',
        gap: 'judgeFailed',
        sentence: expect.stringContaining('no image (3 Jobs failed)') as unknown,
      },
    ]);
    expect(world.asked.filter((it) => it.startsWith('start'))).toHaveLength(3);
  });

  test('what the cluster refuses for good is inconclusive too; a rollout does not end by it', async () => {
    const world = new FakeWorld();
    world.faults.set('start judge 1.1', () => new PortFault(failureTypes.Refused, 'no quota'));
    world.faults.set('start judge 1.2', () => new PortFault(failureTypes.ForeignChange, 'not ours'));
    world.faults.set('start judge 1.3', () => new PortFault(failureTypes.Refused, 'no quota'));
    const { failures, verdicts } = await run(world, 'judgePhase', look);
    expect(failures).toEqual(['no quota', 'not ours', 'no quota']);
    expect(verdicts).toMatchObject([{ outcome: 'inconclusive' }]);
  });

  test('an API server that is away uses up no try: the next attempt goes on with the same Job (S5)', async () => {
    const world = new FakeWorld();
    world.faults.set('look at judge 1.2', () => new PortFault(failureTypes.Unavailable, '500'));
    const memory = { attempt: 2, what: 'its pod runs', failures: ['evicted'], sinceMs: Date.now() };
    const environment = quietEnvironment({ heartbeatDetails: memory });
    await expect(run(world, 'judgePhase', look, environment)).rejects.toMatchObject({
      type: failureTypes.Unavailable,
      nonRetryable: false,
    });
    world.faults.clear();
    const again = await run(world, 'judgePhase', look, quietEnvironment({ heartbeatDetails: memory }));
    expect(again).toMatchObject({ attempts: 2, failures: ['evicted'], verdicts: [{ outcome: 'pass' }] });
    expect(world.asked.filter((it) => it.startsWith('start'))).toEqual([
      'start judge 1.2',
      'start judge 1.2',
    ]);
  });

  test('who has lost its heartbeats finds the newest try, and uses up none (S5)', async () => {
    const world = new FakeWorld();
    const stale = () => new PortFault(failureTypes.StaleWrite, 'a later try is there');
    world.faults.set('start judge 1.1', stale);
    expect(await run(world, 'judgePhase', look)).toMatchObject({ attempts: 2, failures: [] });
    // Nothing of the rollout is there any more: this attempt is late, and must stop (S4).
    for (const attempt of [2, 3]) world.faults.set(`start judge 1.${attempt}`, stale);
    await expect(run(world, 'judgePhase', look)).rejects.toMatchObject({ type: failureTypes.StaleWrite });
  });

  test('a Job that a cluster does not end at its deadline is not waited for without end', async () => {
    const world = new FakeWorld();
    const { deadlineMs } = judged.plan.judge;
    const sinceMs = Date.now() - deadlineMs - 3_600_000;
    world.judge.push(running);
    const heartbeatDetails = { attempt: 3, what: '', failures: ['a', 'b'], sinceMs };
    const { failures } = await run(world, 'judgePhase', look, quietEnvironment({ heartbeatDetails }));
    expect(failures.at(-1)).toMatch(/still runs after/);
  });

  test('one that is cancelled makes no more Jobs', async () => {
    const world = new FakeWorld();
    world.judge.push(...Array.from({ length: 1000 }, () => running));
    const environment = quietEnvironment();
    const judging = run(world, 'judgePhase', look, environment);
    setTimeout(() => {
      environment.cancel();
    }, 30);
    await expect(judging).rejects.toThrow(CancelledFailure);
    const { length } = world.asked;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(world.asked).toHaveLength(length);
    expect(world.asked.filter((it) => it.startsWith('start'))).toHaveLength(1);
  });
});

const phaseWithout = (weightPercent: number) => {
  return { weightPercent, bakeMs: 1, gates: [], requireApproval: false };
};

describe('the judge in other activities', () => {
  test('preflight tells what keeps Jobs from being made', async () => {
    const world = new FakeWorld();
    world.unjudgeable = ['the worker may not create jobs.batch in namespace llm: add it to its Role'];
    const quick = { ...judged, plan: { ...judged.plan, phases: [phaseWithout(1), phaseWithout(100)] } };
    await expect(run(world, 'preflight', quick)).rejects.toMatchObject({
      message: expect.stringContaining('may not create jobs.batch') as unknown,
    });
  });

  test('endJudging removes the Jobs of its phase', async () => {
    const world = new FakeWorld();
    await run(world, 'endJudging', { ...judged, phase: 2 });
    expect(world.asked).toEqual(['remove judge 2']);
  });

  test('clearAway removes all of them before the canary; without a judge it asks for none', async () => {
    const world = new FakeWorld();
    await run(world, 'clearAway', judged);
    expect(world.asked).toEqual(['moveBack', 'remove judge all', 'removeCanary', 'releaseStable', 'release']);
    const other = new FakeWorld();
    await run(other, 'clearAway', order);
    expect(other.asked).toEqual(['moveBack', 'removeCanary', 'releaseStable', 'release']);
  });
});
