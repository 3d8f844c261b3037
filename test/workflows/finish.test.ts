import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { waitFor } from '../../dev/cluster/wait.ts';
import { failureTypes, type FailureType } from '../../src/domain/failures.ts';
import { abort, resume } from '../../src/workflows/messages.ts';
import { FakeActivities, untilCancelled, verdict } from '../support/fake-activities.ts';
import { defaultPlan, quickPlan } from '../support/plans.ts';
import { WorkflowRunner } from '../support/workflow-runner.ts';

const person = { by: 'ann', reason: 'a test' };

function finalFailure(type: FailureType, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}

/** What was called from the first activity of the finish on. */
function since(fakes: FakeActivities, first: FakeActivities['names'][number]): string[] {
  return fakes.names.slice(fakes.names.indexOf(first));
}

describe('the end of a promotion', () => {
  let runner: WorkflowRunner;
  beforeAll(async () => {
    runner = await WorkflowRunner.open();
  });
  afterAll(() => runner.close());

  test('adopt: the canary’s pods stay, so nothing is drained', async () => {
    const fakes = new FakeActivities();
    const run = await runner.start(quickPlan({ finish: 'adopt' }), fakes);
    expect(await run.outcome()).toMatchObject({ status: 'promoted', leftToDo: [] });
    expect(since(fakes, 'adoptCanary')).toEqual(['adoptCanary', 'moveTrafficBack', 'clearAway', 'notify']);
    expect(fakes.names).not.toContain('renewStable');
  });

  const back = ['moveTrafficBack', 'undoStable', 'drainCanary', 'clearAway', 'notify'];

  test.each([
    ['update', 'renewStable'],
    ['adopt', 'adoptCanary'],
  ] as const)(
    '%s: abort works while it goes on: traffic first, then stable as it was',
    async (finish, name) => {
      const fakes = new FakeActivities({ [name]: untilCancelled });
      const run = await runner.start(quickPlan({ finish }), fakes);
      await run.reaches('finishing');
      await run.handle.signal(abort, person);
      expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'abort', leftToDo: [] });
      expect(since(fakes, 'moveTrafficBack')).toEqual(back);
    },
  );

  test('a breach while stable is renewed rolls back', async () => {
    const found = Promise.withResolvers<undefined>();
    const fakes = new FakeActivities({
      renewStable: () => {
        found.resolve(undefined);
        return untilCancelled();
      },
      watchGuards: async ({ weightPercent }) => {
        if (weightPercent < 100) return untilCancelled();
        await found.promise;
        return { kind: 'breach', verdict: verdict('fail', 'error rate 2 %') };
      },
    });
    const run = await runner.start(quickPlan(), fakes);
    expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'breach' });
    expect(since(fakes, 'moveTrafficBack')).toEqual(back);
  });

  test('stable that does not become ready holds; resume tries again', async () => {
    let attempts = 0;
    const fakes = new FakeActivities({
      renewStable: () => {
        attempts += 1;
        if (attempts > 1) return Promise.resolve();
        return Promise.reject(finalFailure(failureTypes.StableNotReady, '1/2 ready: no room'));
      },
    });
    const run = await runner.start(quickPlan(), fakes);
    const { holdReason, weightPercent } = await run.reaches('holding');
    expect({ holdReason, weightPercent }).toEqual({
      holdReason: 'stable is not ready: 1/2 ready: no room',
      weightPercent: 100,
    });
    await run.handle.executeUpdate(resume, { args: [person] });
    expect(await run.outcome()).toMatchObject({ status: 'promoted' });
  });

  test('stable that somebody else changed is rolled back where the plan says so', async () => {
    const changed = finalFailure(failureTypes.ForeignChange, 'somebody changed stable');
    const fakes = new FakeActivities({ renewStable: () => Promise.reject(changed) });
    const run = await runner.start(quickPlan({ onForeignChange: 'rollBack' }), fakes);
    expect(await run.outcome()).toMatchObject({
      status: 'rolledBack',
      reason: 'foreignChange',
      sentence: 'somebody changed stable',
    });
  });

  test('an abort after stable is whole is noted, and comes too late', async () => {
    const clearing = Promise.withResolvers<undefined>();
    const told = Promise.withResolvers<undefined>();
    const fakes = new FakeActivities({
      clearAway: async () => {
        clearing.resolve(undefined);
        await told.promise;
        return ['HorizontalPodAutoscaler vllm was left as somebody else set it'];
      },
    });
    const run = await runner.start(quickPlan(), fakes);
    await clearing.promise;
    await run.handle.signal(abort, person);
    told.resolve(undefined);
    expect(await run.outcome()).toMatchObject({ status: 'promoted' });
    const events = (await run.state()).events.map((it) => it.what);
    expect(events).toContainEqual(expect.stringContaining('abort: a test (too late'));
    expect(events).toContain('HorizontalPodAutoscaler vllm was left as somebody else set it');
  });

  test('what cannot be cleared away after a promotion is no rollback, and is told', async () => {
    const refused = finalFailure(failureTypes.Refused, '403');
    const fakes = new FakeActivities({ clearAway: () => Promise.reject(refused) });
    expect(await (await runner.start(quickPlan(), fakes)).outcome()).toMatchObject({
      status: 'failed',
      reason: 'completed',
      leftToDo: ['remove the canary and the notes of this rollout: Refused: 403'],
    });
  });

  test('with no pod of stable ready the rollout says why the traffic stays, and waits', async () => {
    const gone = Promise.withResolvers<undefined>();
    const fakes = new FakeActivities({
      moveTrafficBack: async ({ waits }) => {
        if (!waits) throw finalFailure(failureTypes.NoStablePod, 'stable has no ready pod');
        await gone.promise;
      },
    });
    const run = await runner.start(quickPlan({ phases: defaultPlan().phases }), fakes);
    await run.reaches('baking');
    await run.handle.signal(abort, person);
    let events: readonly string[] = [];
    await waitFor(
      'the reason among the events',
      async () => {
        events = (await run.state()).events.map((it) => it.what);
        return events.includes('stable has no ready pod') ? true : undefined;
      },
      { seen: () => events.join('; ') },
    );
    expect(await run.state()).toMatchObject({ status: 'rollingBack', weightPercent: 1 });
    gone.resolve(undefined);
    expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'abort', leftToDo: [] });
  });

  test('a canary whose traffic could not be moved is not removed', async () => {
    const never = finalFailure(failureTypes.Refused, 'never');
    const fakes = new FakeActivities({ moveTrafficBack: () => Promise.reject(never) });
    const run = await runner.start(quickPlan({ phases: defaultPlan().phases }), fakes);
    await run.reaches('baking');
    await run.handle.signal(abort, person);
    expect(await run.outcome()).toMatchObject({
      status: 'failed',
      leftToDo: ['put the traffic back to stable: Refused: never'],
    });
    expect(fakes.names).not.toContain('clearAway');
  });
});

describe('a weight that somebody else wrote just before ours (S10)', () => {
  let runner: WorkflowRunner;
  beforeAll(async () => {
    runner = await WorkflowRunner.open();
  });
  afterAll(() => runner.close());

  const foreign = (expected: (number | null)[]) =>
    new FakeActivities({
      shiftWeight: ({ weightPercent, expectedPercent }) => {
        expected.push(expectedPercent);
        if (weightPercent === 10 && expectedPercent !== null)
          return Promise.reject(finalFailure(failureTypes.ForeignChange, 'the route asks for 30 %'));
        return Promise.resolve();
      },
    });

  test('is not overwritten until a person resumes', async () => {
    const expected: (number | null)[] = [];
    const run = await runner.start(quickPlan(), foreign(expected));
    expect((await run.reaches('holding')).holdReason).toBe('the route asks for 30 %');
    expect(expected).toEqual([0, 1]);
    await run.handle.executeUpdate(resume, { args: [person] });
    expect(await run.outcome()).toMatchObject({ status: 'promoted' });
    expect(expected).toEqual([0, 1, null, 10, 50]);
  });

  test('rolls back where the plan says so', async () => {
    const run = await runner.start(quickPlan({ onForeignChange: 'rollBack' }), foreign([]));
    expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'foreignChange' });
  });
});
