import { Client, Connection } from '@temporalio/client';
import { workflowIdOf } from '../../src/domain/rollout/naming.ts';
import type { RolloutState } from '../../src/domain/rollout/state.ts';
import { openCluster } from '../cluster/objects.ts';
import { waitFor } from '../cluster/wait.ts';
import { Scene } from '../demo/scene.ts';
import { SluiceProcesses } from '../demo/worker-process.ts';
import { startLoad, type RunningLoad } from '../load/run.ts';
import type { Addresses } from '../platform/external.ts';
import { cluster } from './rollout-files.ts';
import { deployAnew, deployJudge, hostOf, removeNamespace } from './service.ts';
import type { Address } from './temporal-ui.ts';

/** Name of every rollout here; the namespaces tell them apart. */
const rollout = 'llama';
const ratePerSecond = 12;
/** Temporal's namespace, not one of Kubernetes. */
const temporalNamespace = 'default';

/** Every rollout of the pictures, and nobody else's. */
export const query = `WorkflowType = "rollout" AND SluiceTarget STARTS_WITH "${cluster}/"`;

/** Two LLM services under load, a worker, and the rollouts that people start. */
export class Stage {
  readonly sluice: SluiceProcesses;
  readonly #addresses: Addresses;
  readonly #namespaces: readonly string[];
  readonly #connection: Connection;
  readonly #client: Client;
  readonly #print: (line: string) => void;
  #stopWorker: () => Promise<void> = () => Promise.resolve();
  #loads: RunningLoad[] = [];

  private constructor(
    addresses: Addresses,
    namespaces: readonly string[],
    connection: Connection,
    print: (line: string) => void,
  ) {
    this.#addresses = addresses;
    this.#namespaces = namespaces;
    this.#connection = connection;
    this.#client = new Client({ connection, namespace: temporalNamespace });
    this.#print = print;
    this.sluice = new SluiceProcesses(addresses);
  }

  /** Whatever pictures before these left half-way is gone, their workflows included: the list shows these only. */
  static async setUp(
    addresses: Addresses,
    {
      namespaces,
      judgedIn,
    }: { readonly namespaces: readonly string[]; readonly judgedIn: readonly string[] },
    print: (line: string) => void,
  ): Promise<Stage> {
    const { KUBECONFIG, TEMPORAL_ADDRESS: address, GATEWAY_URL: url } = addresses;
    if (url === undefined) throw new Error('GATEWAY_URL must be set: the load goes there');
    const stage = new Stage(addresses, namespaces, await Connection.connect({ address }), print);
    await stage.#forgetRollouts();
    // One after the other: pods that start together on a busy machine take too long to be ready.
    for (const it of namespaces) await deployAnew(openCluster(KUBECONFIG), it);
    for (const it of judgedIn) await deployJudge(openCluster(KUBECONFIG), it);
    stage.#stopWorker = stage.sluice.startWorker();
    stage.#loads = namespaces.map((namespace) =>
      startLoad({ url, ratePerSecond, model: rollout, headers: { host: hostOf(namespace) } }),
    );
    return stage;
  }

  /** `sluice VERB llama` for the rollout of a namespace. */
  async order(namespace: string, verb: string, ...flags: readonly string[]): Promise<void> {
    await this.sluice.sluice(verb, rollout, '--namespace', namespace, '--cluster', cluster, ...flags);
  }

  /** `sluice report`, as a page. */
  report(namespace: string): Promise<string> {
    return this.sluice.sluice('report', rollout, '--namespace', namespace, '--cluster', cluster);
  }

  /** `sluice start`. */
  async start(namespace: string, text: string, ...flags: readonly string[]): Promise<Address> {
    await this.sluice.sluice('start', this.sluice.write(`${namespace}.yaml`, text), ...flags);
    const workflowId = workflowIdOf(cluster, namespace, rollout);
    const { runId } = await this.#client.workflow.getHandle(workflowId).describe();
    return { workflowId, runId };
  }

  /**
   * Follows a rollout, printing what happens, until it is where the pictures need it.
   * @throws Error when it ends elsewhere.
   */
  async reach(
    { workflowId, runId }: Address,
    where: string,
    reached: (state: RolloutState) => boolean,
  ): Promise<void> {
    const print = (line: string) => {
      this.#print(`  ${workflowId}${line}`);
    };
    const scene = new Scene(this.#client.workflow.getHandle(workflowId, runId), print);
    const state = await scene.follow(reached);
    if (!reached(state))
      throw new Error(`${workflowId} must reach ${where}: ended as ${JSON.stringify(state.outcome)}`);
  }

  /** Leaves the platform as it was: no rollout, no service. */
  async tearDown(): Promise<void> {
    await Promise.all(this.#loads.map((it) => it.stop()));
    await this.#stopWorker();
    await this.#forgetRollouts();
    const { objects } = openCluster(this.#addresses.KUBECONFIG);
    await Promise.all(this.#namespaces.map((it) => removeNamespace(objects, it)));
    await this.#connection.close();
  }

  /** Deleting a workflow that runs ends it too. */
  async #forgetRollouts(): Promise<void> {
    const { workflow, workflowService } = this.#client;
    for await (const { workflowId, runId } of workflow.list({ query })) {
      const workflowExecution = { workflowId, runId };
      await workflowService.deleteWorkflowExecution({ namespace: temporalNamespace, workflowExecution });
    }
    const none = async () => ((await workflow.count(query)).count === 0 ? true : undefined);
    await waitFor('the rollouts of earlier pictures to be gone', none);
  }
}
