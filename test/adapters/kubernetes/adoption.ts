import type { V1Pod } from '@kubernetes/client-node';
import { waitFor } from '../../../dev/cluster/wait.ts';
import { kinds } from '../../../src/adapters/kubernetes-api/kinds.ts';
import type { DeploymentWorkload } from '../../../src/adapters/kubernetes/deployment-workload.ts';
import type { Release } from '../../../src/domain/plan/plan.ts';
import { newOwner, soon, type TestTarget } from './target.ts';

/** A rollout whose canary is as big as stable, ready, and proven. */
export interface ReadyToAdopt {
  readonly owner: { readonly rolloutId: string };
  readonly release: Release;
  /** The canary's pods. */
  readonly pods: readonly PodFacts[];
}

/** What tells whether a pod was touched: another uid is another pod. */
export interface PodFacts {
  readonly name: string;
  readonly uid: string;
  readonly restarts: number;
}

export function factsOf(pod: V1Pod): PodFacts {
  const { name = '', uid = '' } = pod.metadata ?? {};
  const restarts = (pod.status?.containerStatuses ?? []).reduce((sum, it) => sum + it.restartCount, 0);
  return { name, uid, restarts };
}

/** Pods that are not on their way out, by name. */
export async function podsOf(it: TestTarget, labelSelector = ''): Promise<PodFacts[]> {
  const pods = await it.api.list(kinds.pod, it.namespace, { labelSelector });
  return pods
    .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
    .map(factsOf)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A release that differs from all others of this name. */
export function releaseNamed(version: string): Release {
  return {
    version,
    patch: {
      metadata: { annotations: { example: version } },
      spec: { containers: [{ name: 'vllm', env: [{ name: 'ARM', value: version }] }] },
    },
  };
}

/** Makes a canary of as many replicas as stable has. */
export async function readyToAdopt(it: TestTarget, release: Release): Promise<ReadyToAdopt> {
  const owner = newOwner();
  await it.workload.secureStable(it.target, owner);
  const { stable } = await it.workload.readiness(it.target);
  await it.workload.createCanary(it.target, release, stable.desired, owner);
  let last = '';
  await waitFor(
    'the canary',
    async () => {
      const { canary } = await it.workload.readiness(it.target);
      last = canary?.summary ?? 'no canary';
      return canary?.ready === stable.desired ? true : undefined;
    },
    { seen: () => last, timeoutMs: 120_000 },
  );
  return { owner, release, pods: await podsOf(it, 'sluice.dev/arm=canary') };
}

/** @param show hears how far it is. */
export function adopt(
  it: TestTarget,
  { owner, release }: ReadyToAdopt,
  workload: DeploymentWorkload = it.workload,
  show: (step: string) => void = () => undefined,
): Promise<void> {
  return workload.adoptCanary(it.target, release, owner, show, soon());
}

/** What an activity does when the adoption is done. */
export async function leave(it: TestTarget, { owner }: ReadyToAdopt): Promise<readonly string[]> {
  await it.workload.removeCanary(it.target, owner, soon());
  return it.workload.releaseStable(it.target, owner);
}
