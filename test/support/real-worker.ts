import { randomUUID } from 'node:crypto';
import type { KubeConfig } from '@kubernetes/client-node';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../../src/activities/index.ts';
import { HttpRouteTraffic } from '../../src/adapters/gateway-api/http-route-traffic.ts';
import { httpNotification } from '../../src/adapters/http/notification.ts';
import { PodDrain } from '../../src/adapters/http/pod-drain.ts';
import { PodWarmUp } from '../../src/adapters/http/pod-warm-up.ts';
import { openKubernetesApi } from '../../src/adapters/kubernetes-api/api.ts';
import { DeploymentWorkload } from '../../src/adapters/kubernetes/deployment-workload.ts';
import { JudgeJobs } from '../../src/adapters/kubernetes/judge/judge-jobs.ts';
import { createMetrics } from '../../src/worker/measure.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import { openCluster } from '../../dev/cluster/objects.ts';
import { rolloutWorkflowType } from '../../src/workflows/messages.ts';
import type { rollout } from '../../src/workflows/rollout.ts';
import { testAddresses } from './test-platform.ts';
import { workflowBundle } from './workflow-bundle.ts';
import { runningRollout, type RunningRollout } from './workflow-runner.ts';

/** A worker over the real cluster, gateway, Prometheus and Temporal, in this process. */
export class RealWorker {
  readonly #connection: Connection;
  readonly #native: NativeConnection;
  readonly #worker: Worker;
  readonly #done: Promise<void>;
  readonly #taskQueue: string;

  private constructor(connection: Connection, native: NativeConnection, worker: Worker, taskQueue: string) {
    this.#connection = connection;
    this.#native = native;
    this.#worker = worker;
    this.#taskQueue = taskQueue;
    this.#done = worker.run();
  }

  /** @param config the way to the cluster. @default straight */
  static async open(config?: KubeConfig): Promise<RealWorker> {
    const logger = new DefaultLogger('ERROR');
    Runtime.install({ logger });
    const { KUBECONFIG, TEMPORAL_ADDRESS: address } = testAddresses();
    const api = openKubernetesApi(config ?? openCluster(KUBECONFIG).config);
    const taskQueue = `e2e-${randomUUID()}`;
    const native = await NativeConnection.connect({ address });
    const worker = await Worker.create({
      connection: native,
      taskQueue,
      workflowBundle: await workflowBundle(),
      activities: createActivities({
        telemetry: { judged: () => undefined },
        traffic: new HttpRouteTraffic(api),
        workload: new DeploymentWorkload({ api }),
        metrics: createMetrics(null),
        warmUp: new PodWarmUp(api),
        drain: new PodDrain(api),
        judgeJobs: new JudgeJobs(api),
        notification: httpNotification,
      }),
    });
    return new RealWorker(
      await Connection.connect({ address, connectTimeout: '1 min' }),
      native,
      worker,
      taskQueue,
    );
  }

  async start(plan: Plan): Promise<RunningRollout> {
    const client = new Client({ connection: this.#connection });
    const { cluster, namespace } = plan.target;
    const handle = await client.workflow.start<typeof rollout>(rolloutWorkflowType, {
      taskQueue: this.#taskQueue,
      workflowId: `rollout/${cluster}/${namespace}/${plan.name}`,
      args: [{ plan, startedBy: 'e2e', reason: 'a test' }],
    });
    return runningRollout(handle);
  }

  async close(): Promise<void> {
    this.#worker.shutdown();
    await this.#done;
    await this.#connection.close();
    await this.#native.close();
  }
}
