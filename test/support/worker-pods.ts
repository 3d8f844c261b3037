import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CoreV1Api, type KubeConfig, type V1Pod } from '@kubernetes/client-node';
import { openCluster } from '../../dev/cluster/objects.ts';
import { waitFor } from '../../dev/cluster/wait.ts';
import { kubectl } from './kubectl.ts';
import { testAddresses } from './test-platform.ts';

const manifests = path.resolve(import.meta.dirname, '../../k8s');

export interface WorkerPodsOptions {
  readonly image: string;
  /** A namespace with services; it is there already. */
  readonly targetNamespace: string;
}

/** k8s/ applied as docs/install.md tells: workers in a namespace of their own, with rights in the target's. */
export class WorkerPods {
  readonly namespace = `sluice-${randomBytes(3).toString('hex')}`;
  readonly taskQueue = this.namespace;
  readonly config: KubeConfig;
  readonly #options: WorkerPodsOptions;
  readonly #folder: string;

  private constructor(options: WorkerPodsOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.config = openCluster(testAddresses().KUBECONFIG).config;
  }

  /** Returns when both workers are ready. */
  static async deploy(options: WorkerPodsOptions): Promise<WorkerPods> {
    // kustomize compares resolved paths.
    const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'sluice-k8s-')));
    const workers = new WorkerPods(options, folder);
    await workers.#writeOverlay();
    await workers.apply();
    await workers.areReady();
    return workers;
  }

  /** Applies everything again, which also mends what a test broke. */
  async apply(): Promise<void> {
    await kubectl('apply', '--kustomize', this.#folder);
  }

  /** @throws after 3 minutes, with what the workers logged last. */
  async areReady(): Promise<void> {
    try {
      const wait = ['rollout', 'status', 'deployment/sluice-worker', '--timeout=180s'];
      await kubectl('-n', this.namespace, ...wait);
    } catch (error) {
      const selector = ['--selector', 'app.kubernetes.io/name=sluice-worker'];
      const log = await kubectl('logs', '-n', this.namespace, ...selector, '--tail=20').catch(String);
      throw new Error(`the workers are not ready; they log:\n${log}`, { cause: error });
    }
  }

  /** Those that run and are not being deleted. */
  async pods(): Promise<V1Pod[]> {
    const { items } = await this.config
      .makeApiClient(CoreV1Api)
      .listNamespacedPod({ namespace: this.namespace });
    return items.filter(
      ({ metadata, status }) => metadata?.deletionTimestamp === undefined && status?.phase === 'Running',
    );
  }

  /** Runs Node.js code in a pod. @returns what it prints. */
  async runIn(pod: V1Pod, code: string): Promise<string> {
    return kubectl('exec', '-n', this.namespace, pod.metadata?.name ?? '', '--', 'node', '-e', code);
  }

  /** Waits for the worker that watches a rollout at this weight. @param besides the name of one that does not count. */
  async watcher(rollout: string, weightPercent: number, besides?: string): Promise<string> {
    let seen = '';
    const look = async () => {
      const metrics = new Map<string, string>();
      for (const { metadata, status } of await this.pods())
        metrics.set(metadata?.name ?? '', await metricsOf(status?.podIP ?? ''));
      seen = [...metrics].map(([name, text]) => `${name}: ${weightLines(text).join(' ')}`).join('\n');
      const found = [...metrics].find(
        ([name, text]) =>
          name !== besides &&
          weightLines(text).some(
            (line) => line.includes(`rollout="${rollout}"`) && line.endsWith(` ${weightPercent}`),
          ),
      );
      return found?.[0];
    };
    return waitFor(`a worker to watch ${rollout} at ${weightPercent} %`, look, {
      timeoutMs: 120_000,
      seen: () => seen,
    });
  }

  async remove(): Promise<void> {
    await kubectl('delete', 'namespace', this.namespace, '--ignore-not-found', '--wait=false');
    await rm(this.#folder, { recursive: true });
  }

  /** As k8s/example, for these namespaces, this image and this platform. */
  async #writeOverlay(): Promise<void> {
    const { image, targetNamespace } = this.#options;
    const colon = image.lastIndexOf(':');
    const base = (name: string) => path.relative(path.join(this.#folder, 'x'), path.join(manifests, name));
    const settings = [
      `TEMPORAL_ADDRESS=${testAddresses().TEMPORAL_ADDRESS}`,
      `SLUICE_TASK_QUEUE=${this.taskQueue}`,
    ];
    await this.#write('.', { resources: ['worker', 'target'] });
    await this.#write('worker', {
      namespace: this.namespace,
      resources: ['namespace.yaml', base('worker')],
      images: [{ name: 'sluice', newName: image.slice(0, colon), newTag: image.slice(colon + 1) }],
      configMapGenerator: [{ name: 'sluice-worker', behavior: 'merge', literals: settings }],
    });
    await this.#write('target', {
      namespace: targetNamespace,
      components: [base('target-namespace')],
      patches: [
        {
          target: { kind: 'RoleBinding' },
          patch: JSON.stringify([{ op: 'replace', path: '/subjects/0/namespace', value: this.namespace }]),
        },
      ],
    });
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await writeFile(
      path.join(this.#folder, 'worker/namespace.yaml'),
      JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.namespace, labels } }),
    );
  }

  async #write(name: string, content: object): Promise<void> {
    await mkdir(path.join(this.#folder, name), { recursive: true });
    const head = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' };
    await writeFile(
      path.join(this.#folder, name, 'kustomization.yaml'),
      JSON.stringify({ ...head, ...content }),
    );
  }
}

/** Empty while a worker starts or ends. */
async function metricsOf(address: string): Promise<string> {
  return fetch(`http://${address}:9400/metrics`, { signal: AbortSignal.timeout(5000) }).then(
    (response) => response.text(),
    () => '',
  );
}

function weightLines(metrics: string): string[] {
  return metrics.split('\n').filter((line) => line.startsWith('sluice_weight_percent{'));
}
