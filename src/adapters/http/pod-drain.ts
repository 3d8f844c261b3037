import { failureTypes } from '../../domain/failures.ts';
import type { Target } from '../../domain/plan/plan.ts';
import type { DrainPort } from '../../ports/drain.ts';
import { PortFault } from '../../ports/faults.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { canaryEndpoints } from './canary-endpoints.ts';

const requestTimeoutMs = 2000;

/** vLLM's gauges of unanswered requests, one a model; names are those of vLLM 0.6 and later (`swapped` until 0.10). */
const unanswered = /^vllm:num_requests_(?:running|waiting|swapped)(?:\{[^}]*\})?[ \t]+(\S+)/gm;

/** Asks the canary's pods themselves: Prometheus is some seconds behind, and may be away. */
export class PodDrain implements DrainPort {
  readonly #api: KubernetesApi;

  constructor(api: KubernetesApi) {
    this.#api = api;
  }

  async runningRequests(target: Target, signal: AbortSignal): Promise<number | null> {
    const endpoints = await canaryEndpoints(this.#api, target);
    if (endpoints.length === 0) return 0;
    const told = await Promise.all(endpoints.map(({ url }) => unansweredAt(`${url}/metrics`, signal)));
    const counts = told.filter((it) => it !== null);
    return counts.length === 0 ? null : counts.reduce((sum, it) => sum + it, 0);
  }
}

/**
 * Null when the pod does not say, or lets nobody in: then it has nothing to answer either.
 * @throws PortFault Unavailable when it does not answer in time: busy is not idle. What `signal` was aborted with.
 */
async function unansweredAt(url: string, signal: AbortSignal): Promise<number | null> {
  const late = AbortSignal.timeout(requestTimeoutMs);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, late]) });
    return response.ok ? readUnanswered(await response.text()) : null;
  } catch {
    signal.throwIfAborted();
    if (!late.aborted) return null;
    throw new PortFault(failureTypes.Unavailable, `${url} does not answer within ${requestTimeoutMs} ms`);
  }
}

/**
 * Requests that run or wait, from a pod's metrics in Prometheus' text format.
 * @returns null when there are no such gauges.
 */
export function readUnanswered(metrics: string): number | null {
  const values = [...metrics.matchAll(unanswered)].map(([, value]) => Number(value)).filter(Number.isFinite);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}
