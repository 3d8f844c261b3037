import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { abort, advance } from '../../src/workflows/messages.ts';
import { FakeActivities, untilCancelled, verdict } from '../support/fake-activities.ts';
import { defaultPlan, quickPlan } from '../support/plans.ts';
import { WorkflowRunner } from '../support/workflow-runner.ts';

const person = { by: 'ann', reason: 'a test' };
const hour = 3_600_000;

describe('the rollout workflow', () => {
  let runner: WorkflowRunner;
  beforeAll(async () => {
    runner = await WorkflowRunner.open();
  });
  afterAll(() => runner.close());

  test('a good release passes every phase and is promoted, in under 200 events', async () => {
    const fakes = new FakeActivities();
    const run = await runner.start(quickPlan(), fakes);
    expect(await run.outcome()).toMatchObject({ status: 'promoted', reason: 'completed', leftToDo: [] });
    const phase = ['shiftWeight', 'watchGuards', 'judgeGates'];
    const more = 'readyCanary';
    const last = phase.slice(0, 2);
    const end = ['renewStable', 'moveTrafficBack', 'drainCanary', 'clearAway', 'notify'];
    expect(fakes.names).toEqual([
      ...['preflight', 'takeTarget', more, ...phase, ...phase, more, ...phase, more, ...last],
      ...end,
    ]);
    const shifts = fakes.calls.filter((it) => it.name === 'shiftWeight').map((it) => it.weightPercent);
    expect(shifts).toEqual([1, 10, 50, 100]);
    const replicas = fakes.calls.filter((it) => it.name === 'readyCanary').map((it) => it.replicas);
    // The second phase needs no more pods than the first.
    expect(replicas).toEqual([1, 2, 4]);
    const { events } = await run.handle.fetchHistory();
    expect(events?.length).toBeLessThan(200);
  });

  test('the epoch grows with every order: what was decided later outranks what was decided before (S4)', async () => {
    const fakes = new FakeActivities();
    await (await runner.start(quickPlan(), fakes)).outcome();
    const epochs = fakes.calls.map((it) => it.epoch);
    expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
  });

  test('the default plan has timers of 1 h, 2 h, 4 h and 24 h, and advance moves it on', async () => {
    const run = await runner.start(defaultPlan(), new FakeActivities());
    for (const [phase, bakeMs] of [hour, 2 * hour, 4 * hour].entries()) {
      await expectBake(run, phase, bakeMs);
      await run.handle.executeUpdate(advance, { args: [{ ...person, full: false }] });
    }
    await run.reaches('keepingOld');
    await run.handle.executeUpdate(advance, { args: [{ ...person, full: false }] });
    expect(await run.outcome()).toMatchObject({ status: 'promoted' });
    const { events = [] } = await run.handle.fetchHistory();
    const timers = (events ?? []).map(
      (it) => Number(it.timerStartedEventAttributes?.startToFireTimeout?.seconds ?? 0) / 3600,
    );
    expect(timers.filter((hours) => hours > 0.9).map(Math.round)).toEqual([1, 2, 4, 24]);
    expect(events?.length).toBeLessThan(200);
  });

  async function expectBake(
    run: Awaited<ReturnType<WorkflowRunner['start']>>,
    phase: number,
    bakeMs: number,
  ): Promise<void> {
    let state = await run.reaches('baking');
    while (state.phase !== phase || state.endsAtMs === null) state = await run.reaches('baking');
    expect(state.endsAtMs - Date.now()).toBeGreaterThan(bakeMs - 60_000);
  }

  test('advance --full goes to 100 % at once, with the capacity for it, and keeps old', async () => {
    const fakes = new FakeActivities();
    const run = await runner.start(defaultPlan(), fakes);
    await run.reaches('baking');
    await run.handle.executeUpdate(advance, { args: [{ ...person, full: true }] });
    await run.reaches('keepingOld');
    const shifts = fakes.calls.filter((it) => it.name === 'shiftWeight').map((it) => it.weightPercent);
    expect(shifts).toEqual([1, 100]);
    expect(fakes.calls.findLast((it) => it.name === 'readyCanary')?.replicas).toBe(4);
    await run.handle.signal(abort, person);
    expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'abort' });
  });

  test('a breach rolls back: traffic first, then the canary away', async () => {
    const breach = verdict('fail', 'error rate 2 %');
    const fakes = new FakeActivities({
      watchGuards: ({ weightPercent }) =>
        weightPercent === 10 ? Promise.resolve({ kind: 'breach', verdict: breach }) : untilCancelled(),
    });
    const run = await runner.start(
      quickPlan({
        phases: defaultPlan().phases.map((it) => ({ ...it, bakeMs: it.weightPercent === 1 ? 50 : hour })),
      }),
      fakes,
    );
    expect(await run.outcome()).toEqual({
      status: 'rolledBack',
      reason: 'breach',
      sentence: 'error rate 2 %',
      evidence: [breach],
      leftToDo: [],
    });
    const back = ['watchGuards', 'moveTrafficBack', 'drainCanary', 'clearAway', 'notify'];
    expect(fakes.names.slice(-5)).toEqual(back);
    expect((await run.state()).weightPercent).toBe(0);
  });

  test('a gate that fails rolls back', async () => {
    const fakes = new FakeActivities({
      judgeGates: () => Promise.resolve([verdict('pass'), verdict('fail', 'p99 too long')]),
    });
    const run = await runner.start(quickPlan(), fakes);
    expect(await run.outcome()).toMatchObject({
      status: 'rolledBack',
      reason: 'gate',
      sentence: 'p99 too long',
    });
  });

  describe('inconclusive gates hold the rollout (S6)', () => {
    const inconclusive = { judgeGates: () => Promise.resolve([verdict('inconclusive', 'no data')]) };

    test('and it goes on when they pass later', async () => {
      const fakes = new FakeActivities({
        ...inconclusive,
        awaitGates: () => Promise.resolve([verdict('pass')]),
      });
      expect(await (await runner.start(quickPlan(), fakes)).outcome()).toMatchObject({ status: 'promoted' });
    });

    test('and it rolls back at the limit of the hold', async () => {
      const run = await runner.start(
        quickPlan({ hold: { limitMs: 200, then: 'rollBack' } }),
        new FakeActivities(inconclusive),
      );
      expect(await run.outcome()).toMatchObject({
        status: 'rolledBack',
        reason: 'holdLimit',
        sentence: expect.stringContaining('no data') as unknown,
      });
    });

    test('and it keeps holding where the plan says so; a person can take it on', async () => {
      const run = await runner.start(
        quickPlan({ hold: { limitMs: 50, then: 'keepHolding' } }),
        new FakeActivities(inconclusive),
      );
      const state = await run.reaches('holding');
      expect(state).toMatchObject({ holdReason: 'no data', endsAtMs: null, weightPercent: 1 });
      await run.handle.executeUpdate(advance, { args: [{ ...person, full: true }] });
      expect(await run.outcome()).toMatchObject({ status: 'promoted' });
    });
  });
});
