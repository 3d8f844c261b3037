import { canaryWorkloadName } from '../../domain/rollout/naming.ts';
import { bucketsOf } from './histogram.ts';
import { podNamePattern } from './pod-names.ts';
import { total, type MetricsSource } from './source.ts';

const metric = {
  answered: 'http_requests_total',
  finished: 'vllm:request_success_total',
  time: 'vllm:e2e_request_latency_seconds_bucket',
} as const;

/** vLLM's own counters, by the name of the pod. What fails how: docs/metrics.md. */
export const vllm: MetricsSource = {
  select: (target) => {
    const arms = {
      stable: podNamePattern(target.workload.name),
      canary: podNamePattern(canaryWorkloadName(target)),
    };
    const matchers =
      `namespace=${JSON.stringify(target.namespace)},` +
      `pod=~${JSON.stringify(`${arms.stable}|${arms.canary}`)}`;
    // Only generation is a POST under /v1: readiness and warm-up ask GET /v1/models. Series that have neither label
    // match the empty alternative.
    const generation = 'handler=~"|/v1/.*",method=~"|POST"';
    return {
      counters: `{__name__=~"${Object.values(metric).join('|')}",${matchers},${generation}}`,
      alive: `vllm:e2e_request_latency_seconds_count{${matchers}}`,
      restarting: `${metric.answered}{${matchers},${generation}}`,
      armLabel: 'pod',
      arms,
      labels: ['status', 'finished_reason', 'le'],
    };
  },
  read: (counts) => {
    const status = (digit: string) =>
      total(counts, metric.answered, (it) => it['status']?.startsWith(digit) ?? false);
    const refused = status('5');
    const errors = total(counts, metric.finished, (it) => it['finished_reason'] === 'error');
    const good = total(counts, metric.finished, (it) => it['finished_reason'] !== 'error');
    // Streams that broke after their first token have status 2xx. The engine counts them as errors, and with them those
    // of requests that were not streamed, which are 5xx already. So: answered 2xx without a good end, as far as the
    // engine's errors explain that; a client that leaves has no good end either, and is no failure.
    const brokenStreams = clamp(status('2') - good, Math.max(0, errors - refused), errors);
    const failed = refused + brokenStreams;
    const requests = Math.max(total(counts, metric.answered), failed);
    return { requests, failed, latency: bucketsOf(counts, metric.time, 1) };
  },
};

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
