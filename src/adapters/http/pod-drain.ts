import type { Target } from '../../domain/plan/plan.ts';
import type { DrainPort } from '../../ports/drain.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { canaryEndpoints } from './canary-endpoints.ts';

const requestTimeoutMs = 2000;

/** vLLM's gauges of unanswered requests, one a model; names are those of vLLM 0.6 and later. */
const unanswered = /^vllm:num_requests_(?:running|waiting)(?:\{[^}]*\})? +(\S+)/gm;

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

/** Null when the pod does not answer, or does not say. */
async function unansweredAt(url: string, signal: AbortSignal): Promise<number | null> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]);
  const text = await fetch(url, { signal: ended })
    .then((response) => (response.ok ? response.text() : ''))
    .catch(() => '');
  return readUnanswered(text);
}

/**
 * Requests that run or wait, from a pod's metrics in Prometheus' text format.
 * @returns null when there are no such gauges.
 */
export function readUnanswered(metrics: string): number | null {
  const values = [...metrics.matchAll(unanswered)].map(([, value]) => Number(value)).filter(Number.isFinite);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}
