import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { waitFor } from '../../dev/cluster/wait.ts';
import { failureTypes } from '../../src/domain/failures.ts';
import type { RolloutStatus } from '../../src/domain/rollout/state.ts';
import { abort, resume } from '../../src/workflows/messages.ts';
import { FakeActivities, untilCancelled, verdict } from '../support/fake-activities.ts';
import { defaultPlan, judgePlan, quickPlan } from '../support/plans.ts';
import { WorkflowRunner } from '../support/workflow-runner.ts';

const person = { by: 'ann', reason: 'a test' };
const hour = 3_600_000;

describe('what interrupts a rollout', () => {
  let runner: WorkflowRunner;
  beforeAll(async () => {
    runner = await WorkflowRunner.open();
  });
  afterAll(() => runner.close());

  describe('a foreign change', () => {
    const changed = (plan: Parameters<typeof quickPlan>[0]) => {
      let told = false;
      const fakes = new FakeActivities({
        watchGuards: ({ known }) => {
          if (told || known !== null) return untilCancelled();
          told = true;
          return Promise.resolve({ kind: 'foreignChange', what: 'the weight is 30 %' });
        },
      });
      return { fakes, plan: quickPlan({ phases: defaultPlan().phases, ...plan }) };
    };

    test('holds, guards go on, and resume goes on', async () => {
      const { fakes, plan } = changed({});
      const run = await runner.start(plan, fakes);
      expect((await run.reaches('holding')).holdReason).toBe('the weight is 30 %');
      // The workflow has asked for the next watch; a worker takes it up when it comes to it.
      await waitFor('the guards to go on', () =>
        Promise.resolve(fakes.names.filter((it) => it === 'watchGuards').length === 2 ? true : undefined),
      );
      await run.handle.executeUpdate(resume, { args: [person] });
      await run.reaches('baking');
      await run.handle.signal(abort, person);
      await run.outcome();
    });

    test('rolls back where the plan says so', async () => {
      const { fakes, plan } = changed({ onForeignChange: 'rollBack' });
      expect(await (await runner.start(plan, fakes)).outcome()).toMatchObject({
        status: 'rolledBack',
        reason: 'foreignChange',
      });
    });
  });

  describe('abort works in every state (S13)', () => {
    const longBake = defaultPlan().phases;
    const cases: [
      RolloutStatus,
      Parameters<typeof quickPlan>[0],
      ConstructorParameters<typeof FakeActivities>[0],
    ][] = [
      ['preparing', {}, { preflight: untilCancelled }],
      ['shifting', {}, { readyCanary: untilCancelled }],
      ['shifting', {}, { shiftWeight: untilCancelled }],
      ['baking', { phases: longBake }, {}],
      ['gating', {}, { judgeGates: untilCancelled }],
      ['judging', { judge: judgePlan() }, { judgePhase: untilCancelled }],
      ['holding', {}, { judgeGates: () => Promise.resolve([verdict('inconclusive')]) }],
      ['awaitingApproval', { phases: longBake.map((it) => ({ ...it, requireApproval: true })) }, {}],
      ['keepingOld', { keepOldMs: hour }, {}],
    ];
    test.each(cases)('%s', async (state, plan, replaced) => {
      const fakes = new FakeActivities(replaced);
      const run = await runner.start(quickPlan(plan), fakes);
      await run.reaches(state);
      await run.handle.signal(abort, person);
      expect(await run.outcome()).toMatchObject({
        status: 'rolledBack',
        reason: 'abort',
        sentence: 'aborted by ann: a test',
      });
      // Before anything was claimed there is nothing to put back.
      expect(fakes.names.includes('moveTrafficBack')).toBe(state !== 'preparing');
    });

    test('with a write that hangs: the traffic goes back without waiting for it', async () => {
      let release: () => void = () => undefined;
      const hanging = new Promise<void>((resolve) => {
        release = resolve;
      });
      const moved = Promise.withResolvers<undefined>();
      const fakes = new FakeActivities({
        readyCanary: () => hanging,
        moveTrafficBack: () => {
          moved.resolve(undefined);
          return Promise.resolve();
        },
      });
      const run = await runner.start(quickPlan(), fakes);
      await run.reaches('shifting');
      await run.handle.signal(abort, person);
      await moved.promise;
      // Nothing is cleared away beside a write that has not stopped.
      expect(fakes.names).not.toContain('clearAway');
      release();
      expect(await run.outcome()).toMatchObject({ status: 'rolledBack' });
    });

    test('as a signal without input, as somebody may send it from the UI', async () => {
      const run = await runner.start(quickPlan({ phases: longBake }), new FakeActivities());
      await run.reaches('baking');
      await run.handle.signal('abort');
      expect(await run.outcome()).toMatchObject({
        reason: 'abort',
        sentence: 'aborted by somebody: no reason given',
      });
    });
  });

  test('Temporal’s cancel is an abort, and cannot cancel the rollback (S7)', async () => {
    let cancelledAgain = false;
    const fakes = new FakeActivities({
      moveTrafficBack: () =>
        cancelledAgain ? Promise.resolve() : Promise.reject(new Error('the API server answers 500')),
    });
    const run = await runner.start(quickPlan({ phases: defaultPlan().phases }), fakes);
    await run.reaches('baking');
    await run.handle.cancel();
    await run.reaches('rollingBack');
    await run.handle.cancel();
    cancelledAgain = true;
    expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'cancel' });
    expect(fakes.names.at(-2)).toBe('clearAway');
  });

  test('a canary that does not become ready is an error, and is rolled back', async () => {
    const failure = ApplicationFailure.create({
      type: failureTypes.CanaryNotReady,
      message: '0/1 ready: ImagePullBackOff',
      nonRetryable: true,
    });
    const fakes = new FakeActivities({ readyCanary: () => Promise.reject(failure) });
    const outcome = await (await runner.start(quickPlan(), fakes)).outcome();
    expect(outcome).toMatchObject({
      status: 'rolledBack',
      reason: 'error',
      sentence: 'CanaryNotReady: 0/1 ready: ImagePullBackOff',
    });
  });

  test('a preflight that refuses ends it with nothing to put back', async () => {
    const failure = ApplicationFailure.create({
      type: failureTypes.PreflightFailed,
      message: 'no such route',
      nonRetryable: true,
    });
    const fakes = new FakeActivities({ preflight: () => Promise.reject(failure) });
    const outcome = await (await runner.start(quickPlan(), fakes)).outcome();
    expect(outcome).toMatchObject({
      status: 'rolledBack',
      reason: 'error',
      sentence: 'PreflightFailed: no such route',
    });
    expect(fakes.names).toEqual(['preflight', 'notify']);
  });

  test('what cannot be cleared away is left to a person, and said', async () => {
    const failure = ApplicationFailure.create({
      type: failureTypes.Refused,
      message: '403',
      nonRetryable: true,
    });
    const fakes = new FakeActivities({ clearAway: () => Promise.reject(failure) });
    const run = await runner.start(quickPlan({ phases: defaultPlan().phases }), fakes);
    await run.reaches('baking');
    await run.handle.signal(abort, person);
    expect(await run.outcome()).toMatchObject({
      status: 'failed',
      reason: 'abort',
      leftToDo: ['remove the canary and the notes of this rollout: Refused: 403'],
    });
  });
});
