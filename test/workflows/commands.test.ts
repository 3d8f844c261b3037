import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { abort, approve, hold, resume } from '../../src/workflows/messages.ts';
import { FakeActivities } from '../support/fake-activities.ts';
import { defaultPlan, quickPlan } from '../support/plans.ts';
import { WorkflowRunner } from '../support/workflow-runner.ts';

const person = { by: 'ann', reason: 'a test' };

describe('what a person says to a rollout', () => {
  let runner: WorkflowRunner;
  beforeAll(async () => {
    runner = await WorkflowRunner.open();
  });
  afterAll(() => runner.close());

  test('hold keeps a bake from ending; resume lets it end', async () => {
    const phases = defaultPlan().phases.map((it) => ({
      ...it,
      bakeMs: it.weightPercent === 1 ? 5000 : 0,
      gates: [],
    }));
    const fakes = new FakeActivities();
    const run = await runner.start(quickPlan({ phases }), fakes);
    const { endsAtMs } = await run.reaches('baking');
    await run.handle.executeUpdate(hold, { args: [person] });
    await run.reaches('holding');
    // Past the end of the bake it holds on.
    await expect(untilPast(endsAtMs ?? 0)).resolves.toBeUndefined();
    expect((await run.state()).status).toBe('holding');
    expect(fakes.calls.filter((it) => it.name === 'shiftWeight')).toHaveLength(1);
    await run.handle.executeUpdate(resume, { args: [person] });
    expect(await run.outcome()).toMatchObject({ status: 'promoted' });
  });

  async function untilPast(timeMs: number): Promise<void> {
    await delay(Math.max(0, timeMs - Date.now()));
  }

  test('a phase that requires approval waits for it', async () => {
    const phases = quickPlan().phases.map((it) => ({ ...it, requireApproval: it.weightPercent === 10 }));
    const fakes = new FakeActivities();
    const run = await runner.start(quickPlan({ phases }), fakes);
    expect((await run.reaches('awaitingApproval')).weightPercent).toBe(1);
    expect(fakes.calls.filter((it) => it.name === 'shiftWeight')).toHaveLength(1);
    expect(await run.handle.executeUpdate(approve, { args: [person] })).toEqual({ done: 'approved' });
    expect(await run.outcome()).toMatchObject({ status: 'promoted' });
  });

  test('a checklist is answered by a person before anything is changed', async () => {
    const fakes = new FakeActivities();
    const checklist = ['Evaluation passed?', 'On-call told?'];
    const run = await runner.start(quickPlan({ checklist }), fakes);
    const { holdReason } = await run.reaches('awaitingApproval');
    expect(holdReason).toBe('Evaluation passed? On-call told?');
    expect(fakes.names).toEqual(['preflight']);
    await run.handle.executeUpdate(approve, { args: [person] });
    expect(await run.outcome()).toMatchObject({ status: 'promoted' });
    expect((await run.state()).events).toContainEqual(
      expect.objectContaining({ what: 'approved: a test', by: 'ann' }),
    );
  });

  test('updates that make no sense are refused, say why, and leave no trace in the history', async () => {
    const run = await runner.start(quickPlan({ phases: defaultPlan().phases }), new FakeActivities());
    await run.reaches('baking');
    const refusal = async (sent: Promise<unknown>) => {
      const error = await sent.then(
        () => undefined,
        (caught: unknown) => caught as { cause?: { message?: string } },
      );
      return error?.cause?.message;
    };
    expect(await refusal(run.handle.executeUpdate(approve, { args: [person] }))).toBe(
      'cannot approve while baking: only a rollout that awaits approval can be approved',
    );
    expect(await refusal(run.handle.executeUpdate(resume, { args: [person] }))).toBe(
      'cannot resume while baking: nothing holds it',
    );
    expect(await refusal(run.handle.executeUpdate(hold, { args: [{ by: '', reason: 'x' }] }))).toBe(
      'input.by must be a text that is not empty: found ""',
    );
    const events = (await run.handle.fetchHistory()).events ?? [];
    expect(events.length).toBeGreaterThan(0);
    const traces = events.filter(
      (it) =>
        it.workflowExecutionUpdateAcceptedEventAttributes ??
        it.workflowExecutionUpdateRejectedEventAttributes,
    );
    expect(traces).toEqual([]);
    await run.handle.signal(abort, person);
    await run.outcome();
  });
});
