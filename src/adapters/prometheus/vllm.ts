import {
  isShare,
  metricNames,
  type MetricName,
  type ShareName,
  type SizeName,
} from '../../domain/metrics/metrics.ts';
import { failingClasses } from '../../domain/metrics/failing.ts';
import type { Histogram, Missing } from '../../domain/analysis/measurement.ts';
import type { Proportion } from '../../domain/statistics/proportion.ts';
import { canaryWorkloadName } from '../../domain/rollout/naming.ts';
import { bucketsOf } from './histogram.ts';
import { podNamePattern } from './pod-names.ts';
import { total, type Count, type MetricsSource } from './source.ts';

const metric = {
  answered: 'http_requests_total',
  finished: 'vllm:request_success_total',
} as const;

/** Of each share what it is counted with. */
const shares: Readonly<
  Record<
    ShareName,
    {
      counters: readonly string[];
      read: (counts: readonly Count[], failing: readonly string[]) => Proportion;
    }
  >
> = {
  'error-rate': { counters: [metric.answered, metric.finished], read: readErrors },
  'length-share': { counters: [metric.finished], read: (counts) => endedBy(counts, 'length') },
  'repetition-share': { counters: [metric.finished], read: (counts) => endedBy(counts, 'repetition') },
};

/** Histograms by their names in vLLM, the present one first: the two arms may be of different versions. */
const sizes: Readonly<Record<SizeName, readonly string[]>> = {
  'e2e-latency': ['vllm:e2e_request_latency_seconds_bucket'],
  ttft: ['vllm:time_to_first_token_seconds_bucket'],
  // Deprecated and then hidden, each for a version, before it went.
  'inter-token-latency': [
    'vllm:inter_token_latency_seconds_bucket',
    'vllm:time_per_output_token_seconds_bucket',
  ],
  'latency-per-output-token': ['vllm:request_time_per_output_token_seconds_bucket'],
  'queue-time': ['vllm:request_queue_time_seconds_bucket'],
  'tokens-per-request': ['vllm:request_generation_tokens_bucket'],
};

/** vLLM's own counters, by the name of the pod. What fails how: docs/metrics.md. */
export const vllm = (failing: readonly string[]): MetricsSource => ({
  offers: metricNames,
  select: (target, names) => {
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
    const counters = [...new Set(names.flatMap(countersOf))].join('|');
    return {
      counters: `{__name__=~"${counters}",${matchers},${generation}}`,
      alive: `vllm:e2e_request_latency_seconds_count{${matchers}}`,
      restarting: `${metric.answered}{${matchers},${generation}}`,
      armLabel: 'pod',
      arms,
      labels: ['status', 'finished_reason', 'le'],
    };
  },
  read: (counts, names) =>
    Object.fromEntries(
      names.map((it) => [
        it,
        isShare(it) ? shares[it].read(counts, failing) : readHistogram(counts, sizes[it]),
      ]),
    ),
});

function countersOf(name: MetricName): readonly string[] {
  return isShare(name) ? shares[name].counters : sizes[name];
}

function readHistogram(counts: readonly Count[], names: readonly string[]): Histogram | Missing {
  if (!counts.some((it) => names.includes(it.name)))
    return { missing: `vLLM has no ${names.join(' and no ')}` };
  const found = names.map((it) => bucketsOf(counts, it, 1)).find((it) => (it.at(-1)?.count ?? 0) > 0);
  return { buckets: found ?? [] };
}

/** Of the answers that ended well. */
function endedBy(counts: readonly Count[], reason: string): Proportion {
  const endedWith = (matches: (reason: string) => boolean) =>
    total(counts, metric.finished, (it) => matches(it['finished_reason'] ?? ''));
  return {
    bad: endedWith((it) => it === reason),
    total: endedWith((it) => it !== 'error' && it !== 'abort'),
  };
}

function readErrors(counts: readonly Count[], failing: readonly string[]): Proportion {
  const status = (digit: string) =>
    total(counts, metric.answered, (it) => it['status']?.startsWith(digit) ?? false);
  const refused = status('5');
  const errors = total(counts, metric.finished, (it) => it['finished_reason'] === 'error');
  const good = total(counts, metric.finished, (it) => it['finished_reason'] !== 'error');
  // Streams that broke after their first token have status 2xx. The engine counts them as errors, and with them those
  // of requests that were not streamed, which are 5xx already. So: answered 2xx without a good end, as far as the
  // engine's errors explain that; a client that leaves has no good end either, and is no failure.
  const brokenStreams = clamp(status('2') - good, Math.max(0, errors - refused), errors);
  const failed = failingClasses(failing).reduce((sum, it) => sum + status(it), brokenStreams);
  return { bad: failed, total: Math.max(total(counts, metric.answered), failed) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
