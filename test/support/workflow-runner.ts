import { randomUUID } from 'node:crypto';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { waitFor } from '../../dev/cluster/wait.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import type { RolloutOutcome, RolloutState, RolloutStatus } from '../../src/domain/rollout/state.ts';
import { rolloutWorkflowType, status } from '../../src/workflows/messages.ts';
import type { rollout } from '../../src/workflows/rollout.ts';
import type { FakeActivities } from './fake-activities.ts';
import { testAddresses } from './test-platform.ts';
import { workflowBundle } from './workflow-bundle.ts';

/** Phases take as long as pods take to start, and a loaded machine starts them slowly. */
const reachesWithinMs = 180_000;

export type RolloutHandle = WorkflowHandle<typeof rollout>;

/** A rollout that runs, with a worker of its own. */
export interface RunningRollout {
  readonly handle: RolloutHandle;
  state(): Promise<RolloutState>;
  /** Waits until it has a status; asks every 30 ms, or as often as `everyMs` says. */
  reaches(status: RolloutStatus, everyMs?: number): Promise<RolloutState>;
  /** Waits until it has ended. */
  outcome(): Promise<RolloutOutcome>;
}

/** Real Temporal, the real workflow, fake activities. */
export class WorkflowRunner {
  readonly #connection: Connection;
  readonly #native: NativeConnection;
  readonly #bundle: WorkflowBundle;
  readonly #workers: { worker: Worker; done: Promise<void> }[] = [];

  private constructor(connection: Connection, native: NativeConnection, bundle: WorkflowBundle) {
    this.#connection = connection;
    this.#native = native;
    this.#bundle = bundle;
  }

  static async open(): Promise<WorkflowRunner> {
    const logger = new DefaultLogger('ERROR');
    Runtime.install({ logger });
    const address = testAddresses().TEMPORAL_ADDRESS;
    return new WorkflowRunner(
      await Connection.connect({ address }),
      await NativeConnection.connect({ address }),
      await workflowBundle(),
    );
  }

  async start(plan: Plan, fakes: FakeActivities): Promise<RunningRollout> {
    const taskQueue = `test-${randomUUID()}`;
    const worker = await Worker.create({
      connection: this.#native,
      taskQueue,
      workflowBundle: this.#bundle,
      activities: fakes.activities,
      // Cancellation reaches an activity with its next heartbeat.
      maxHeartbeatThrottleInterval: '100 ms',
    });
    this.#workers.push({ worker, done: worker.run() });
    const client = new Client({ connection: this.#connection });
    const handle = await client.workflow.start<typeof rollout>(rolloutWorkflowType, {
      taskQueue,
      workflowId: `rollout/test/${taskQueue}`,
      args: [{ plan, startedBy: 'test', reason: 'a test' }],
    });
    return runningRollout(handle);
  }

  async close(): Promise<void> {
    for (const { worker } of this.#workers) worker.shutdown();
    await Promise.all(this.#workers.map((it) => it.done));
    await this.#connection.close();
    await this.#native.close();
  }
}

/** A handle with what tests ask of it. */
export function runningRollout(handle: RolloutHandle): RunningRollout {
  const state = () => handle.query(status);
  let seen = '';
  const reaches = (wanted: RolloutStatus, everyMs = 30) =>
    waitFor(
      `the rollout to be ${wanted}`,
      async () => {
        // A worker that is too busy to answer in time is asked again.
        const now = await state().catch((error: unknown) => {
          seen = String(error);
        });
        if (now === undefined) return undefined;
        seen = JSON.stringify({ status: now.status, events: now.events, outcome: now.outcome });
        return now.status === wanted ? now : undefined;
      },
      { everyMs, timeoutMs: reachesWithinMs, seen: () => seen },
    );
  return { handle, state, reaches, outcome: () => handle.result() };
}
