import { CoreV1Api, type V1Pod } from '@kubernetes/client-node';
import type { BehaviourPatch } from '../../dev/standin/behaviour.ts';
import { waitFor } from '../../dev/cluster/wait.ts';
import type { ServiceUnderTest } from './namespace.ts';

const adminPort = 8001;

/** One pod of the stand-in. */
export interface StandinPod {
  readonly name: string;
  readonly ip: string;
  readonly ready: boolean;
}

/** Stable's pods are labelled `app=vllm`; the canary's carry a label of Sluice's own besides. */
export async function podsOf(
  { cluster, namespace }: ServiceUnderTest,
  arm: 'stable' | 'canary',
): Promise<StandinPod[]> {
  const { items } = await cluster.config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace });
  const isCanary = ({ metadata }: V1Pod) => metadata?.labels?.['sluice.dev/arm'] === 'canary';
  return items
    .filter((pod) => pod.metadata?.deletionTimestamp === undefined)
    .filter((pod) => isCanary(pod) === (arm === 'canary'))
    .map(({ metadata, status }) => ({
      name: metadata?.name ?? '',
      ip: status?.podIP ?? '',
      ready: status?.conditions?.some((it) => it.type === 'Ready' && it.status === 'True') ?? false,
    }));
}

/** Tells a pod's stand-in to behave otherwise from its next request on. */
export async function changeBehaviour({ name, ip }: StandinPod, behaviour: BehaviourPatch): Promise<void> {
  const response = await fetch(`http://${ip}:${adminPort}/behaviour`, {
    method: 'PATCH',
    body: JSON.stringify(behaviour),
  });
  if (!response.ok) throw new Error(`Pod ${name} answers ${response.status}: ${await response.text()}`);
}

/** Waits until so many pods of stable are ready, no more and no less. */
export async function untilReady(service: ServiceUnderTest, count: number): Promise<void> {
  let seen = '';
  await waitFor(
    `${count} pods of stable to be ready`,
    async () => {
      const pods = await podsOf(service, 'stable');
      seen = pods.map((it) => `${it.name} ${it.ready ? 'ready' : 'not ready'}`).join(', ');
      return pods.filter((it) => it.ready).length === count ? true : undefined;
    },
    { seen: () => seen },
  );
}
