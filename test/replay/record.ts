/**
 * Records histories for the replay test: `eval "$(make -s env)"; dev/run.sh node test/replay/record.ts`. Old ones stay
 * beside new ones: rollouts that were started by an older worker must go on with a newer one.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { failureTypes } from '../../src/domain/failures.ts';
import { abort, advance, approve, hold, resume } from '../../src/workflows/messages.ts';
import { FakeActivities, judged, untilCancelled, verdict } from '../support/fake-activities.ts';
import { defaultPlan, judgePlan, quickPlan } from '../support/plans.ts';
import { bundleForAll, removeBundle } from '../support/workflow-bundle.ts';
import { WorkflowRunner, type RunningRollout } from '../support/workflow-runner.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const person = { by: 'ann', reason: 'a recording' };

interface Scene {
  readonly plan: Parameters<WorkflowRunner['start']>[0];
  readonly fakes: FakeActivities;
  readonly play: (run: RunningRollout) => Promise<void>;
}

const nothing = () => Promise.resolve();

const scenes: Record<string, Scene> = {
  promoted: { plan: quickPlan(), fakes: new FakeActivities(), play: nothing },
  breach: {
    plan: quickPlan({ phases: defaultPlan().phases }),
    fakes: new FakeActivities({
      watchGuards: () => Promise.resolve({ kind: 'breach', verdict: verdict('fail') }),
    }),
    play: nothing,
  },
  'gates-inconclusive-then-limit': {
    plan: quickPlan({ hold: { limitMs: 200, then: 'rollBack' } }),
    fakes: new FakeActivities({ judgeGates: () => Promise.resolve([verdict('inconclusive')]) }),
    play: nothing,
  },
  'abort-while-a-write-hangs': {
    plan: quickPlan(),
    fakes: new FakeActivities({ shiftWeight: untilCancelled }),
    play: async (run) => {
      await run.reaches('shifting');
      await run.handle.signal(abort, person);
    },
  },
  'held-resumed-cancelled': {
    plan: quickPlan({ phases: defaultPlan().phases }),
    fakes: new FakeActivities(),
    play: async (run) => {
      await run.reaches('baking');
      await run.handle.executeUpdate(hold, { args: [person] });
      await run.reaches('holding');
      await run.handle.executeUpdate(resume, { args: [person] });
      await run.reaches('baking');
      await run.handle.cancel();
    },
  },
  'promoted-by-adopt': { plan: quickPlan({ finish: 'adopt' }), fakes: new FakeActivities(), play: nothing },
  'abort-while-finishing': {
    plan: quickPlan(),
    fakes: new FakeActivities({ renewStable: untilCancelled }),
    play: async (run) => {
      await run.reaches('finishing');
      await run.handle.signal(abort, person);
    },
  },
  'judge-cannot-tell-then-a-drop': {
    plan: quickPlan({ judge: judgePlan() }),
    fakes: new FakeActivities({
      judgePhase: ({ phase }) =>
        Promise.resolve(judged(phase, [verdict(phase === 0 ? 'inconclusive' : 'fail')])),
    }),
    play: async (run) => {
      await run.reaches('holding');
      await run.handle.executeUpdate(advance, { args: [{ ...person, full: false }] });
    },
  },
  'abort-while-it-judges': {
    plan: quickPlan({ judge: judgePlan() }),
    fakes: new FakeActivities({ judgePhase: untilCancelled }),
    play: async (run) => {
      await run.reaches('judging');
      await run.handle.signal(abort, person);
    },
  },
  'foreign-change-held-approved': {
    plan: quickPlan({ checklist: ['the on-call knows'] }),
    fakes: new FakeActivities({
      shiftWeight: ({ weightPercent, expectedPercent }) =>
        weightPercent === 10 && expectedPercent !== null
          ? Promise.reject(
              ApplicationFailure.create({
                type: failureTypes.ForeignChange,
                message: 'the route asks for 30 %',
                nonRetryable: true,
              }),
            )
          : Promise.resolve(),
    }),
    play: async (run) => {
      await run.reaches('awaitingApproval');
      await run.handle.executeUpdate(approve, { args: [person] });
      await run.reaches('holding');
      await run.handle.executeUpdate(resume, { args: [person] });
    },
  },
};

await bundleForAll();
const runner = await WorkflowRunner.open();
for (const [name, { plan, fakes, play }] of Object.entries(scenes)) {
  const run = await runner.start(plan, fakes);
  await play(run);
  const outcome = await run.outcome();
  const file = path.join(import.meta.dirname, 'histories', `${name}.json`);
  // Stack traces carry the paths of the machine that recorded.
  const history = historyToJSON(await run.handle.fetchHistory()).replaceAll(repository, '');
  await writeFile(file, `${history}\n`);
  process.stdout.write(`${name}: ${outcome.status} (${outcome.reason})\n`);
}
await runner.close();
await removeBundle();
