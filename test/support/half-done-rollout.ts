import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { waitFor } from '../../dev/cluster/wait.ts';
import { HttpRouteTraffic } from '../../src/adapters/gateway-api/http-route-traffic.ts';
import { openKubernetesApi, type KubernetesApi } from '../../src/adapters/kubernetes-api/api.ts';
import { DeploymentWorkload } from '../../src/adapters/kubernetes/deployment-workload.ts';
import type { Release, Target } from '../../src/domain/plan/plan.ts';
import type { ServiceUnderTest } from './namespace.ts';

/** What a rollout leaves whose worker and Temporal are gone: made by the worker's own adapters, without either. */
export class HalfDoneRollout {
  readonly rolloutId = `rollout-${process.pid}`;
  readonly target: Target;
  readonly api: KubernetesApi;
  readonly traffic: HttpRouteTraffic;
  readonly workload: DeploymentWorkload;
  readonly #release: Release;

  constructor({ namespace, cluster }: ServiceUnderTest, release: Release) {
    this.target = {
      cluster: 'default',
      namespace,
      workload: { kind: 'Deployment', name: 'vllm' },
      service: { name: 'vllm', port: 8000 },
      router: { kind: 'HTTPRoute', name: 'llm' },
    };
    this.api = openKubernetesApi(cluster.config);
    this.traffic = new HttpRouteTraffic(this.api);
    this.workload = new DeploymentWorkload({ api: this.api });
    this.#release = release;
  }

  /** One canary pod, ready, with half of the traffic. */
  async reachHalf(): Promise<void> {
    const { target, rolloutId } = this;
    const fence = { rolloutId, startedAtMs: Date.now(), epoch: 1 };
    await this.traffic.claim(target, fence);
    await this.workload.secureStable(target, { rolloutId });
    await this.workload.createCanary(target, this.#release, 1, { rolloutId });
    let seen = '';
    await waitFor(
      'the canary to be ready',
      async () => {
        const { canary } = await this.workload.readiness(target);
        seen = canary?.summary ?? 'none';
        return canary?.ready === 1 ? true : undefined;
      },
      { timeoutMs: 120_000, seen: () => seen },
    );
    await this.traffic.shift(target, 50, { ...fence, epoch: 2 }, null, null);
  }

  /** Then it is promoted, and dies while stable gets the release. */
  async beginUpdate(): Promise<void> {
    await this.workload.updateStable(this.target, this.#release, { rolloutId: this.rolloutId });
  }
}

/** A folder for kubeconfigs and rollout files of a test. */
export async function temporaryFolder(): Promise<{
  write(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
}> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-restore-'));
  return {
    write: async (name, text) => {
      const file = path.join(folder, name);
      await writeFile(file, text);
      return file;
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
