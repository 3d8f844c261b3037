import { isFailing } from '../../domain/metrics/failing.ts';
import type { Proportion } from '../../domain/statistics/proportion.ts';
import type { MetricsPlan } from '../../domain/plan/metrics-plan.ts';
import { canaryServiceName } from '../../domain/rollout/naming.ts';
import { bucketsOf } from './histogram.ts';
import { literal } from './pod-names.ts';
import type { Count, MetricsSource } from './source.ts';

const metric = {
  answered: 'istio_requests_total',
  time: 'istio_request_duration_milliseconds_bucket',
} as const;

/** The pod or Envoy ended an answer that had begun; its status is that of its beginning. */
const cutOff = ['UC', 'UR', 'UPE', 'UT', 'LR', 'SI', 'UMSDR'];
/** The client ended it. */
const left = ['DC', 'DR', 'DPE'];
/** No answer began before the end. */
const noStatus = '0';
/** Envoy has nothing to say: the answer is the pod's, and whole. */
const noFlags = '-';
const millisecondsPerSecond = 1000;

/** Istio's counters of the proxy that chooses between the arms, by Service. What fails how: docs/metrics.md. */
export const istio = ({ failing }: Pick<MetricsPlan, 'failing'>): MetricsSource => ({
  offers: ['error-rate', 'e2e-latency'],
  select: (target, wanted) => {
    const arms = {
      stable: literal(target.service.name),
      canary: literal(canaryServiceName(target)),
    };
    // Pods with a sidecar and waypoints report the same requests again, under names of their own. Flags that somebody
    // has switched off would hide every stream that breaks; gRPC has its errors elsewhere.
    const matchers =
      `reporter="source",destination_service_namespace=${JSON.stringify(target.namespace)},` +
      `destination_service_name=~${JSON.stringify(`${arms.stable}|${arms.canary}`)},` +
      `request_protocol!="grpc",response_flags!=""`;
    const names = wanted.map((it) => (it === 'error-rate' ? metric.answered : metric.time)).join('|');
    return {
      counters: `{__name__=~"${names}",${matchers}}`,
      alive: `${metric.answered}{${matchers}}`,
      restarting: `${metric.answered}{${matchers}}`,
      armLabel: 'destination_service_name',
      arms,
      labels: ['response_code', 'response_flags', 'le'],
    };
  },
  read: (counts, wanted) => ({
    ...(wanted.includes('error-rate') ? { 'error-rate': readErrors(counts, failing) } : {}),
    ...(wanted.includes('e2e-latency') ? { 'e2e-latency': { buckets: readLatency(counts) } } : {}),
  }),
});

function readErrors(counts: readonly Count[], failing: readonly string[]): Proportion {
  let [bad, all] = [0, 0];
  for (const { name, labels, value } of counts) {
    if (name !== metric.answered) continue;
    const status = labels['response_code'] ?? '';
    const failed = isFailing(status, failing) || isCutOff(labels['response_flags'] ?? '');
    if (failed) bad += value;
    if (failed || status !== noStatus) all += value;
  }
  return { bad, total: all };
}

/** Flags are joined by commas. Where the client left, nobody knows how the answer would have ended. */
function isCutOff(flags: string): boolean {
  const each = flags.split(',');
  return each.some((it) => cutOff.includes(it)) && !each.some((it) => left.includes(it));
}

function readLatency(counts: readonly Count[]) {
  const whole = counts.filter((it) => it.labels['response_flags'] === noFlags);
  return bucketsOf(whole, metric.time, millisecondsPerSecond);
}
