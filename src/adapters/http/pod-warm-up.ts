import { failureTypes } from '../../domain/failures.ts';
import type { Target, WarmUpPlan } from '../../domain/plan/plan.ts';
import { PortFault } from '../../ports/faults.ts';
import type { WarmUpPort } from '../../ports/warm-up.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { canaryEndpoints } from './canary-endpoints.ts';

/** A cold model answers its first request slowly: that is what this is for. */
const requestTimeoutMs = 60_000;

/** Warms pods up by requests to their own addresses; the worker must reach the pod network. */
export class PodWarmUp implements WarmUpPort {
  readonly #api: KubernetesApi;

  constructor(api: KubernetesApi) {
    this.#api = api;
  }

  async warm(target: Target, { requestsPerPod, path }: WarmUpPlan, signal: AbortSignal): Promise<void> {
    const endpoints = await canaryEndpoints(this.#api, target);
    await Promise.all(
      endpoints.map(async ({ pod, url }) => {
        for (let sent = 0; sent < requestsPerPod; sent += 1) await mustAnswer(`${url}${path}`, pod, signal);
      }),
    );
  }
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
