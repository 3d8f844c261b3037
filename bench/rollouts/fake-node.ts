import {
  ApiException,
  CoordinationV1Api,
  CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  V1MicroTime,
  Watch,
} from '@kubernetes/client-node';
import type { KubeConfig, V1Pod } from '@kubernetes/client-node';
import type { Settings } from '../../dev/platform/settings.ts';

/** Pods name it in their template, and so pass the scheduler by. */
export const fakeNodeName = 'bench';

const leaseNamespace = 'kube-node-lease';
const leaseSeconds = 40;
const renewEveryMs = 10_000;
const merging = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/**
 * A node without a kubelet: its pods are ready as soon as they are made, and gone as soon as they are to go. Hundreds
 * of targets fit on it, and no start of a container is in the figures.
 */
export class FakeNode {
  readonly #core: CoreV1Api;
  readonly #leases: CoordinationV1Api;
  readonly #pods: string;
  readonly #unready = new Set<string>();
  #addresses = 0;
  #closed = false;
  #renewing: NodeJS.Timeout | undefined;
  #watch: AbortController | undefined;

  private constructor(config: KubeConfig, { block }: Settings) {
    this.#core = config.makeApiClient(CoreV1Api);
    this.#leases = config.makeApiClient(CoordinationV1Api);
    const [first = '', second = '', third = ''] = block.split('.');
    // Inside of the platform's own block, where nothing answers.
    this.#pods = `${first}.${second}.${Number(third) + 2}`;
  }

  static async open(config: KubeConfig, settings: Settings): Promise<FakeNode> {
    const node = new FakeNode(config, settings);
    await node.#register();
    node.#renewing = setInterval(() => void node.#renew().catch(() => undefined), renewEveryMs);
    await node.#serve(config);
    return node;
  }

  /** From now on one pod of this namespace is running and not ready. */
  async makeOneUnready(namespace: string): Promise<void> {
    const { items } = await this.#core.listNamespacedPod({ namespace });
    const [pod] = items;
    this.#unready.add(pod?.metadata?.name ?? '');
    if (pod !== undefined) await this.#show(pod);
  }

  /** Undoes {@link makeOneUnready}. */
  async makeAllReady(namespace: string): Promise<void> {
    this.#unready.clear();
    const { items } = await this.#core.listNamespacedPod({ namespace });
    for (const pod of items) await this.#show(pod);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#renewing);
    this.#watch?.abort();
  }

  async #register(): Promise<void> {
    const taints = [{ key: 'sluice.dev/bench', value: 'only', effect: 'NoSchedule' }];
    await this.#core.createNode({ body: { metadata: { name: fakeNodeName }, spec: { taints } } });
    const room = { cpu: '1000', memory: '1Ti', pods: '1000' };
    const now = new Date();
    const conditions = [
      { type: 'Ready', status: 'True', reason: 'Bench', lastHeartbeatTime: now, lastTransitionTime: now },
    ];
    const body = { status: { capacity: room, allocatable: room, conditions } };
    await this.#core.patchNodeStatus({ name: fakeNodeName, body }, merging);
    await this.#leases.createNamespacedLease({
      namespace: leaseNamespace,
      body: { metadata: { name: fakeNodeName }, spec: this.#lease() },
    });
  }

  async #renew(): Promise<void> {
    const body = { spec: this.#lease() };
    await this.#leases.patchNamespacedLease({ namespace: leaseNamespace, name: fakeNodeName, body }, merging);
  }

  #lease() {
    return {
      holderIdentity: fakeNodeName,
      leaseDurationSeconds: leaseSeconds,
      renewTime: new V1MicroTime(),
    };
  }

  async #serve(config: KubeConfig): Promise<void> {
    const query = { fieldSelector: `spec.nodeName=${fakeNodeName}` };
    const next = (type: string, pod: V1Pod) => {
      const going = pod.metadata?.deletionTimestamp !== undefined;
      if (type === 'DELETED') return;
      if (going) void this.#remove(pod).catch(complain);
      else if (pod.status?.phase === 'Pending') void this.#show(pod).catch(complain);
    };
    // The API server ends a watch now and then.
    const again = () => {
      if (!this.#closed) void this.#serve(config);
    };
    this.#watch = await new Watch(config).watch('/api/v1/pods', query, next, again);
  }

  async #remove({ metadata }: V1Pod): Promise<void> {
    const { name = '', namespace = '' } = metadata ?? {};
    await this.#core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 });
  }

  async #show({ metadata, spec }: V1Pod): Promise<void> {
    const { name = '', namespace = '' } = metadata ?? {};
    const status = this.#unready.has(name) ? 'False' : 'True';
    const ready = status === 'True';
    const lastTransitionTime = new Date();
    const types = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'];
    const conditions = types.map((type) => ({
      type,
      status: type.endsWith('Ready') ? status : 'True',
      lastTransitionTime,
    }));
    const containerStatuses = (spec?.containers ?? []).map((container) => ({
      name: container.name,
      image: container.image ?? '',
      imageID: '',
      ready,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: lastTransitionTime } },
    }));
    this.#addresses = (this.#addresses % 250) + 1;
    const podIP = `${this.#pods}.${this.#addresses}`;
    const body = {
      status: {
        ...{ phase: 'Running', conditions, containerStatuses, podIP, startTime: lastTransitionTime },
        podIPs: [{ ip: podIP }],
      },
    };
    await this.#core.patchNamespacedPodStatus({ name, namespace, body }, merging);
  }
}

/** A pod may be gone when its turn comes; anything else would spoil the figures. */
function complain(error: unknown): void {
  if (!(error instanceof ApiException && error.code === 404))
    process.stderr.write(`fake node: ${String(error)}\n`);
}
