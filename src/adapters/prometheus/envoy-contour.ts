import { failingClasses, singleStatuses } from '../../domain/metrics/failing.ts';
import type { Proportion } from '../../domain/statistics/proportion.ts';
import type { MetricsPlan } from '../../domain/plan/metrics-plan.ts';
import type { Target } from '../../domain/plan/plan.ts';
import { canaryServiceName } from '../../domain/rollout/naming.ts';
import { bucketsOf } from './histogram.ts';
import { literal } from './pod-names.ts';
import { total, type Count, type MetricsSource } from './source.ts';

const metric = {
  answered: 'envoy_cluster_upstream_rq_xx',
  answeredByCode: 'envoy_cluster_upstream_rq',
  timedOut: 'envoy_cluster_upstream_rq_timeout',
  broken: 'envoy_cluster_upstream_cx_protocol_error',
  closedEarly: 'envoy_cluster_upstream_cx_destroy_remote_with_active_rq',
  time: 'envoy_cluster_upstream_rq_time_bucket',
} as const;

const { time, ...counted } = metric;
const errors = Object.values(counted);
const timeout = '504';
const millisecondsPerSecond = 1000;

/** Envoy's counters by upstream cluster, which Contour names after the Service. What fails how: docs/metrics.md. */
export const envoyContour = ({ failing }: Pick<MetricsPlan, 'failing'>): MetricsSource => ({
  offers: ['error-rate', 'e2e-latency'],
  select: (target, wanted) => {
    const arms = {
      stable: literal(clusterName(target, target.service.name)),
      canary: literal(clusterName(target, canaryServiceName(target))),
    };
    const matchers = `envoy_cluster_name=~${JSON.stringify(`${arms.stable}|${arms.canary}`)}`;
    const names = wanted.flatMap((it) => (it === 'error-rate' ? errors : [time])).join('|');
    return {
      counters: `{__name__=~"${names}",${matchers},envoy_response_code=~"|${codesOf(failing).join('|')}"}`,
      alive: `envoy_cluster_upstream_rq_total{${matchers}}`,
      restarting: `envoy_cluster_upstream_rq_completed{${matchers}}`,
      armLabel: 'envoy_cluster_name',
      arms,
      labels: ['envoy_response_code_class', 'envoy_response_code', 'le'],
    };
  },
  read: (counts, wanted) => ({
    ...(wanted.includes('error-rate') ? { 'error-rate': readErrors(counts, failing) } : {}),
    ...(wanted.includes('e2e-latency')
      ? { 'e2e-latency': { buckets: bucketsOf(counts, metric.time, millisecondsPerSecond) } }
      : {}),
  }),
});

/** Statuses that are counted one by one: a timeout's is asked for whatever else is. */
function codesOf(failing: readonly string[]): string[] {
  return [...new Set([timeout, ...singleStatuses(failing)])];
}

function readErrors(counts: readonly Count[], failing: readonly string[]): Proportion {
  const classes = failingClasses(failing);
  const single = singleStatuses(failing);
  const ofCode = (matches: (code: string) => boolean) =>
    total(counts, metric.answeredByCode, (it) => matches(it['envoy_response_code'] ?? ''));
  const refused =
    total(counts, metric.answered, (it) => classes.includes(it['envoy_response_code_class'] ?? '')) +
    ofCode((code) => single.includes(code));
  // Cut off after the answer began: Envoy has counted the request as 2xx. Each sign alone has other causes too: the
  // first is also set by answers that are no HTTP (502), the second by pods that close before they answer (503).
  const cutOff = Math.min(total(counts, metric.broken), total(counts, metric.closedEarly));
  // A timeout before the answer began is a 504 already.
  const ranOut = Math.max(0, total(counts, metric.timedOut) - ofCode((code) => code === timeout));
  const failed = refused + cutOff + ranOut;
  // A request is counted when its answer begins, so what breaks in this window may have been counted before it.
  return { bad: failed, total: Math.max(total(counts, metric.answered), failed) };
}

/** Contour's `alt_stat_name`: it stays the same when the route's settings, and with them the cluster's name, change. */
function clusterName({ namespace, service }: Target, name: string): string {
  return `${namespace}_${name}_${service.port}`;
}
