import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DefaultLogger } from '@temporalio/worker';
import { Client, Connection } from '@temporalio/client';
import { Watch } from '@kubernetes/client-node';
import { openCluster } from '../../dev/cluster/objects.ts';
import { waitFor } from '../../dev/cluster/wait.ts';
import { embeddedAddresses } from '../../dev/platform/external.ts';
import { dockerfile } from '../../dev/platform/images.ts';
import type { Settings } from '../../dev/platform/settings.ts';
import type { HttpRoute } from '../../src/adapters/gateway-api/http-route.ts';
import { readState } from '../../src/adapters/gateway-api/state.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import { bundleWorkflows } from '../../src/worker/bundle.ts';
import { rolloutWorkflowType } from '../../src/workflows/messages.ts';
import type { rollout } from '../../src/workflows/rollout.ts';
import { quickPlan } from '../../test/support/plans.ts';
import { runningRollout, type RunningRollout } from '../../test/support/workflow-runner.ts';
import { WorkerProcess } from '../../test/support/worker-process.ts';
import { FakeNode } from './fake-node.ts';
import { StubPrometheus } from './stub-prometheus.ts';

const taskQueue = 'bench';

/** What the worker's image gives its process: workflows that are bundled already, and Node.js' settings. */
async function asInTheImage({ stateFolder }: Settings): Promise<NodeJS.ProcessEnv> {
  const bundle = path.join(stateFolder, 'workflows.js');
  await writeFile(bundle, await bundleWorkflows(new DefaultLogger('WARN')));
  const options = /^ENV NODE_OPTIONS="(.+)"$/m.exec(await readFile(dockerfile('worker'), 'utf8'))?.[1];
  if (options === undefined) throw new Error('docker/worker.Dockerfile sets no NODE_OPTIONS');
  return { SLUICE_WORKFLOW_BUNDLE: bundle, NODE_OPTIONS: options };
}

/** A route as it was seen to change. */
export interface WeightSeen {
  readonly atMs: number;
  /** Percent for the canary. */
  readonly weight: number;
  /** When the gateway had accepted it; null before. */
  acceptedAtMs: number | null;
}

/** Milliseconds since 1970 with fractions: differences are what counts. */
export function preciseNowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** A platform with a fake node, a stub Prometheus and a worker as a process; real API server, gateway and Temporal. */
export class Stage {
  readonly cluster: ReturnType<typeof openCluster>;
  readonly prometheus: StubPrometheus;
  readonly node: FakeNode;
  worker: WorkerProcess;
  readonly #connection: Connection;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(
    parts: Pick<Stage, 'cluster' | 'prometheus' | 'node'>,
    connection: Connection,
    env: NodeJS.ProcessEnv,
  ) {
    this.cluster = parts.cluster;
    this.prometheus = parts.prometheus;
    this.node = parts.node;
    this.#connection = connection;
    this.#env = env;
    this.worker = new WorkerProcess(env);
  }

  static async open(settings: Settings): Promise<Stage> {
    const { KUBECONFIG, TEMPORAL_ADDRESS } = embeddedAddresses(settings);
    const cluster = openCluster(KUBECONFIG);
    const node = await FakeNode.open(cluster.config, settings);
    const prometheus = await StubPrometheus.open();
    const connection = await Connection.connect({ address: TEMPORAL_ADDRESS });
    const addresses = { KUBECONFIG, TEMPORAL_ADDRESS, SLUICE_TASK_QUEUE: taskQueue };
    const env = { ...process.env, ...(await asInTheImage(settings)), ...addresses };
    const stage = new Stage({ cluster, prometheus, node }, connection, env);
    await stage.worker.isReady();
    return stage;
  }

  /** A new worker process; the one before must have been killed. */
  replaceWorker(env: NodeJS.ProcessEnv = {}): void {
    this.worker = new WorkerProcess({ ...this.#env, ...env });
  }

  async start(plan: Plan): Promise<RunningRollout> {
    const { cluster, namespace } = plan.target;
    const client = new Client({ connection: this.#connection });
    const handle = await client.workflow.start<typeof rollout>(rolloutWorkflowType, {
      taskQueue,
      workflowId: `rollout/${cluster}/${namespace}/${plan.name}`,
      args: [{ plan, startedBy: 'bench', reason: 'to measure' }],
    });
    return runningRollout(handle);
  }

  /** Watches the weights of a namespace's route; `until` waits for one that fits. */
  async watchRoute(namespace: string) {
    const seen: WeightSeen[] = [];
    const target = { ...quickPlan().target, namespace };
    const next = (_: string, route: HttpRoute) => {
      const refs = route.spec.rules?.[0]?.backendRefs ?? [];
      const weightOf = (name: string) => refs.find((it) => it.name === name)?.weight ?? 0;
      const canary = weightOf('vllm-canary');
      const weight = canary === 0 ? 0 : (canary / (canary + weightOf('vllm'))) * 100;
      if (seen.at(-1)?.weight !== weight) seen.push({ atMs: preciseNowMs(), weight, acceptedAtMs: null });
      const last = seen.at(-1);
      if (last !== undefined && readState(route, target).accepted) last.acceptedAtMs ??= preciseNowMs();
    };
    const path = `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/httproutes`;
    let watching: AbortController | null = null;
    let closed = false;
    // The client ends a watch after 30 s without a word, and a bake may last longer.
    const open = async () => {
      watching = await new Watch(this.cluster.config).watch(path, {}, next, () => {
        if (!closed) void open();
      });
    };
    await open();
    return {
      seen,
      until: (what: string, fits: (it: WeightSeen) => boolean) =>
        waitFor(what, () => Promise.resolve(seen.find(fits)), {
          everyMs: 5,
          timeoutMs: 120_000,
          seen: () => `${JSON.stringify(seen)}\n${this.worker.output.slice(-2000)}`,
        }),
      close: () => {
        closed = true;
        watching?.abort();
      },
    };
  }

  async close(): Promise<void> {
    this.worker.kill('SIGKILL');
    await this.worker.exit();
    this.node.close();
    this.prometheus.close();
    await this.#connection.close();
  }
}
