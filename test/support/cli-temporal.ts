import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { waitFor } from '../../dev/cluster/wait.ts';
import { searchAttributes } from '../../src/workflows/search-attributes.ts';
import { FakeActivities } from './fake-activities.ts';
import { testAddresses } from './test-platform.ts';
import { workflowBundle } from './workflow-bundle.ts';

/** Temporal's own numbers of the types (temporal.api.enums.v1.IndexedValueType). */
const indexedValueTypes = { KEYWORD: 2, INT: 3, DOUBLE: 4 } as const;

Runtime.install({ logger: new DefaultLogger('ERROR') });

/** A Temporal namespace of its own with rollouts that touch no cluster: the real workflow over activities that do nothing. */
export class RolloutsInTemporal {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue = 'sluice';
  readonly client: Client;
  readonly #native: NativeConnection;
  readonly #bundle: WorkflowBundle;
  #stopWorker: (() => Promise<void>) | null = null;

  private constructor(client: Client, native: NativeConnection, bundle: WorkflowBundle, address: string) {
    this.client = client;
    this.namespace = client.options.namespace;
    this.#native = native;
    this.#bundle = bundle;
    this.address = address;
  }

  /** @param options.searchAttributes whether the namespace knows those of rollouts. */
  static async open(options: { readonly searchAttributes: boolean }): Promise<RolloutsInTemporal> {
    const { TEMPORAL_ADDRESS: address } = testAddresses();
    const namespace = `cli-${randomBytes(3).toString('hex')}`;
    const connection = await Connection.connect({ address });
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    if (options.searchAttributes) {
      const types = Object.values(searchAttributes).map(
        ({ name, type }) => [name, indexedValueTypes[type]] as const,
      );
      await retried('search attributes', () =>
        connection.operatorService.addSearchAttributes({
          namespace,
          searchAttributes: Object.fromEntries(types),
        }),
      );
    }
    const client = new Client({ connection, namespace });
    // Temporal's parts learn of a namespace one after the other.
    await retried('the namespace to be known', () => client.workflow.count());
    const native = await NativeConnection.connect({ address });
    return new RolloutsInTemporal(client, native, await workflowBundle(), address);
  }

  /** @param fakes what stands in for the cluster; everything goes well by default. */
  async startWorker(fakes = new FakeActivities()): Promise<void> {
    const create = () =>
      Worker.create({
        connection: this.#native,
        namespace: this.namespace,
        taskQueue: this.taskQueue,
        workflowBundle: this.#bundle,
        activities: fakes.activities,
      });
    const worker = await retried('the worker', create);
    const running = worker.run();
    this.#stopWorker = async () => {
      worker.shutdown();
      await running;
    };
  }

  async stopWorker(): Promise<void> {
    await this.#stopWorker?.();
    this.#stopWorker = null;
  }

  async remove(): Promise<void> {
    await this.stopWorker();
    await this.client.connection.operatorService.deleteNamespace({ namespace: this.namespace });
    await this.client.connection.close();
    await this.#native.close();
  }
}

async function retried<T>(what: string, work: () => Promise<T>): Promise<T> {
  let last = '';
  const look = async (): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      last = String(error);
      return undefined;
    }
  };
  return waitFor(what, look, { seen: () => last });
}
