import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { waitFor } from '../../dev/cluster/wait.ts';
import type { GatesLook, GatesWait, RolloutActivities } from '../../src/activities/types.ts';
import { failureTypes } from '../../src/domain/failures.ts';
import { ownRequestsSettleMs } from '../../src/domain/judge/own-requests.ts';
import { abort, advance, hold, resume } from '../../src/workflows/messages.ts';
import { FakeActivities, judged, untilCancelled, verdict } from '../support/fake-activities.ts';
import { defaultPlan, judgePlan, quickPlan } from '../support/plans.ts';
import { WorkflowRunner, type RolloutHandle } from '../support/workflow-runner.ts';

const person = { by: 'ann', reason: 'a test' };
const unsure = verdict('inconclusive', 'the judge cannot tell');

/** Activities as the workflow sent them off: which of two that are sent together a worker begins with is not said. */
function sentOff({ events }: Awaited<ReturnType<RolloutHandle['fetchHistory']>>): string[] {
  return (events ?? []).flatMap((it) => it.activityTaskScheduledEventAttributes?.activityType?.name ?? []);
}

/** A judge that answers, and passes, when it is told to. */
function heldBack(): { readonly answer: () => void } & Pick<RolloutActivities, 'judgePhase'> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return {
    answer: () => {
      resolve(undefined);
    },
    judgePhase: async ({ phase }) => {
      await promise;
      return judged(phase, [verdict('pass')]);
    },
  };
}

describe('a judge in the rollout', () => {
  let runner: WorkflowRunner;
  beforeAll(async () => {
    runner = await WorkflowRunner.open();
  });
  afterAll(() => runner.close());

  test('is asked in the phases that the plan names, while they bake, and its pass is needed', async () => {
    const fakes = new FakeActivities();
    const run = await runner.start(quickPlan({ judge: judgePlan({ atWeights: [1, 50] }) }), fakes);
    expect(await run.outcome()).toMatchObject({ status: 'promoted' });
    const phases = (await run.state()).judged.map((it) => it.phase);
    expect(phases).toEqual([0, 2]);
    // Two verdicts of the gates' one look: theirs and the judge's.
    expect((await run.state()).judgements.map((it) => it.verdicts.length)).toEqual([2, 1, 2]);
    const history = await run.handle.fetchHistory();
    expect(history.events?.length).toBeLessThan(200);
    expect(sentOff(history).slice(3, 7)).toEqual(['shiftWeight', 'watchGuards', 'judgePhase', 'judgeGates']);
  });

  test('a proven drop rolls back in the middle of the bake', async () => {
    const drop = verdict('fail', 'quality 20 % below stable');
    const fakes = new FakeActivities({ judgePhase: ({ phase }) => Promise.resolve(judged(phase, [drop])) });
    const run = await runner.start(quickPlan({ phases: defaultPlan().phases, judge: judgePlan() }), fakes);
    expect(await run.outcome()).toEqual({
      status: 'rolledBack',
      reason: 'breach',
      sentence: drop.sentence,
      evidence: [drop],
      leftToDo: [],
    });
    expect(fakes.names).not.toContain('judgeGates');
    expect(fakes.names).not.toContain('endJudging');
  });

  test('the gate waits for it after the bake, and goes on when it has answered', async () => {
    const { answer, judgePhase } = heldBack();
    const fakes = new FakeActivities({ judgePhase });
    const run = await runner.start(quickPlan({ judge: judgePlan({ atWeights: [1] }) }), fakes);
    await run.reaches('judging');
    expect((await run.state()).weightPercent).toBe(1);
    answer();
    expect(await run.outcome()).toMatchObject({ status: 'promoted' });
  });

  test('gates learn since when users alone ask: before its answer nobody knows', async () => {
    const { answer, judgePhase } = heldBack();
    let look: GatesLook | null = null;
    let wait: GatesWait | null = null;
    const fakes = new FakeActivities({
      judgePhase,
      judgeGates: (order) => {
        look ??= order;
        return Promise.resolve([verdict('inconclusive')]);
      },
      awaitGates: (order) => {
        wait ??= order;
        return Promise.resolve([verdict('pass')]);
      },
    });
    const run = await runner.start(quickPlan({ judge: judgePlan({ atWeights: [1] }) }), fakes);
    await run.reaches('judging');
    answer();
    expect(await run.outcome()).toMatchObject({ status: 'promoted' });
    const { judged: answers } = await run.state();
    expect(look).toMatchObject({ phase: 0, undisturbedMs: null });
    const undisturbedSinceMs = (answers[0]?.atMs ?? NaN) + ownRequestsSettleMs;
    expect(wait).toMatchObject({ phase: 0, undisturbedSinceMs });
  });

  test('without a judge all that the gates look back to is the users’', async () => {
    const looks: GatesLook[] = [];
    const fakes = new FakeActivities({
      judgeGates: (order) => {
        looks.push(order);
        return Promise.resolve([verdict('pass')]);
      },
    });
    const run = await runner.start(quickPlan(), fakes);
    await run.outcome();
    expect(looks).not.toEqual([]);
    for (const { windowMs, undisturbedMs } of looks)
      expect(Math.max(1000, undisturbedMs ?? NaN)).toBe(windowMs);
  });

  test.each([
    [
      'an inconclusive answer',
      { judgePhase: ({ phase }: { phase: number }) => Promise.resolve(judged(phase, [unsure])) },
    ],
    [
      'an activity that fails for good',
      {
        judgePhase: () =>
          Promise.reject(
            ApplicationFailure.create({
              type: failureTypes.Refused,
              message: 'the judge cannot tell',
              nonRetryable: true,
            }),
          ),
      },
    ],
  ])('%s is never a pass: it holds, and rolls back at the limit (S6)', async (_name, replaced) => {
    const fakes = new FakeActivities(replaced);
    const hold = { limitMs: 300, then: 'rollBack' } as const;
    const run = await runner.start(quickPlan({ hold, judge: judgePlan() }), fakes);
    const { holdReason } = await run.reaches('holding');
    expect(holdReason).toContain('the judge cannot tell');
    expect(await run.outcome()).toMatchObject({
      status: 'rolledBack',
      reason: 'holdLimit',
      sentence: expect.stringContaining('the judge cannot tell') as unknown,
    });
    expect(fakes.calls.map((it) => it.weightPercent)).not.toContain(10);
  });

  test('a person takes an inconclusive answer on; the judge is asked again in the next phase', async () => {
    const fakes = new FakeActivities({
      judgePhase: ({ phase }) => Promise.resolve(judged(phase, [phase === 0 ? unsure : verdict('pass')])),
    });
    const run = await runner.start(quickPlan({ judge: judgePlan() }), fakes);
    await run.reaches('holding');
    await expect(run.handle.executeUpdate(resume, { args: [person] })).rejects.toThrow();
    await run.handle.executeUpdate(advance, { args: [{ ...person, full: false }] });
    expect(await run.outcome()).toMatchObject({ status: 'promoted' });
    expect((await run.state()).judged).toHaveLength(3);
  });

  test('gates that pass later do not outvote it', async () => {
    const fakes = new FakeActivities({
      judgeGates: () => Promise.resolve([verdict('inconclusive', 'too few requests')]),
      awaitGates: () => Promise.resolve([verdict('pass')]),
      judgePhase: ({ phase }) => Promise.resolve(judged(phase, [unsure])),
    });
    const run = await runner.start(quickPlan({ judge: judgePlan() }), fakes);
    await waitFor('the hold for the judge alone', async () => {
      const { holdReason } = await run.state();
      return holdReason === unsure.sentence ? true : undefined;
    });
    expect((await run.state()).weightPercent).toBe(1);
    await run.handle.signal(abort, person);
    await run.outcome();
  });

  test('advance goes on without it, and its Job is ended', async () => {
    const fakes = new FakeActivities({ judgePhase: untilCancelled });
    const run = await runner.start(quickPlan({ judge: judgePlan({ atWeights: [1] }) }), fakes);
    await run.reaches('judging');
    await run.handle.executeUpdate(advance, { args: [{ ...person, full: false }] });
    expect(await run.outcome()).toMatchObject({ status: 'promoted' });
    expect(fakes.names.filter((it) => it === 'endJudging')).toHaveLength(2);
    expect((await run.state()).judged).toEqual([]);
  });

  test('a hold while it judges lasts until resume, whatever it answers', async () => {
    const { answer, judgePhase } = heldBack();
    const fakes = new FakeActivities({ judgePhase });
    const run = await runner.start(quickPlan({ judge: judgePlan({ atWeights: [1] }) }), fakes);
    await run.reaches('judging');
    await run.handle.executeUpdate(hold, { args: [person] });
    await run.reaches('holding');
    answer();
    await waitFor('the answer', async () => ((await run.state()).judged.length > 0 ? true : undefined));
    expect(await run.state()).toMatchObject({ status: 'holding', weightPercent: 1 });
    await run.handle.executeUpdate(resume, { args: [person] });
    expect(await run.outcome()).toMatchObject({ status: 'promoted' });
  });

  test('abort: the traffic goes back first, and the Job is ended at once, before the canary goes', async () => {
    const fakes = new FakeActivities({ judgePhase: untilCancelled });
    const run = await runner.start(quickPlan({ phases: defaultPlan().phases, judge: judgePlan() }), fakes);
    await run.reaches('baking');
    await run.handle.signal(abort, person);
    expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'abort' });
    const sent = sentOff(await run.handle.fetchHistory());
    expect(sent.slice(sent.indexOf('moveTrafficBack'))).toEqual([
      ...['moveTrafficBack', 'endJudging', 'endJudging', 'drainCanary', 'clearAway', 'notify'],
    ]);
  });

  test('a judge that cannot be ended does not keep the rollback (S1)', async () => {
    const fakes = new FakeActivities({
      judgePhase: untilCancelled,
      endJudging: () =>
        Promise.reject(ApplicationFailure.create({ type: failureTypes.Refused, nonRetryable: true })),
    });
    const run = await runner.start(quickPlan({ phases: defaultPlan().phases, judge: judgePlan() }), fakes);
    await run.reaches('baking');
    await run.handle.signal(abort, person);
    expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'abort' });
  });
});
