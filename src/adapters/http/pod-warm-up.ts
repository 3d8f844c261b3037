import type { V1Pod, V1Service } from '@kubernetes/client-node';
import { failureTypes } from '../../domain/failures.ts';
import type { Target, WarmUpPlan } from '../../domain/plan/plan.ts';
import { canaryServiceName } from '../../domain/rollout/naming.ts';
import { PortFault } from '../../ports/faults.ts';
import type { WarmUpPort } from '../../ports/warm-up.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';

/** A cold model answers its first request slowly: that is what this is for. */
const requestTimeoutMs = 60_000;

/** Warms pods up by requests to their own addresses; the worker must reach the pod network. */
export class PodWarmUp implements WarmUpPort {
  readonly #api: KubernetesApi;

  constructor(api: KubernetesApi) {
    this.#api = api;
  }

  async warm(target: Target, { requestsPerPod, path }: WarmUpPlan, signal: AbortSignal): Promise<void> {
    const { namespace } = target;
    const service = await this.#api.read(kinds.service, namespace, canaryServiceName(target));
    const labelSelector = Object.entries(service.spec?.selector ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    const pods = await this.#api.list(kinds.pod, namespace, { labelSelector });
    const running = pods.filter(
      (pod) => pod.metadata?.deletionTimestamp === undefined && pod.status?.podIP !== undefined,
    );
    await Promise.all(
      running.map(async (pod) => {
        const url = `http://${pod.status?.podIP ?? ''}:${podPort(service, target.service.port, pod)}${path}`;
        for (let sent = 0; sent < requestsPerPod; sent += 1)
          await mustAnswer(url, pod.metadata?.name ?? '', signal);
      }),
    );
  }
}

/** The pod's own number of a Service's port, which may be named differently in each pod. */
export function podPort(service: V1Service, servicePort: number, pod: V1Pod): number {
  const wanted = service.spec?.ports?.find((it) => it.port === servicePort)?.targetPort ?? servicePort;
  if (typeof wanted === 'number') return wanted;
  const named = pod.spec?.containers.flatMap((it) => it.ports ?? []).find((it) => it.name === wanted);
  return named?.containerPort ?? servicePort;
}

async function mustAnswer(url: string, pod: string, signal: AbortSignal): Promise<void> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]);
  const answer = await fetch(url, { signal: ended }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    (error: unknown) =>
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error),
  );
  if (answer !== 200)
    throw new PortFault(
      failureTypes.Unavailable,
      `warm-up of pod ${pod}: ${new URL(url).pathname} answers ${answer}`,
    );
}
