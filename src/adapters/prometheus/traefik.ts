import { isFailing } from '../../domain/metrics/failing.ts';
import type { MetricsPlan } from '../../domain/plan/metrics-plan.ts';
import type { Target } from '../../domain/plan/plan.ts';
import { canaryServiceName } from '../../domain/rollout/naming.ts';
import { bucketsOf } from './histogram.ts';
import { literal } from './pod-names.ts';
import { total, type Count, type MetricsSource } from './source.ts';

const metric = {
  answered: 'traefik_service_requests_total',
  time: 'traefik_service_request_duration_seconds_bucket',
} as const;

/** Traefik's own status for a client that left before the answer. */
const clientLeft = '499';

/** Traefik's counters by service, which its Gateway API provider names. What fails how: docs/metrics.md. */
export const traefik = ({ failing }: Pick<MetricsPlan, 'failing'>): MetricsSource => ({
  offers: ['error-rate', 'e2e-latency'],
  select: (target, wanted) => {
    const arms = {
      stable: serviceNames(target, target.service.name),
      canary: serviceNames(target, canaryServiceName(target)),
    };
    // Of gRPC the label `code` has the status of gRPC.
    const matchers = `service=~${JSON.stringify(`${arms.stable}|${arms.canary}`)},protocol!~"grpc.*"`;
    const names = wanted.map((it) => (it === 'error-rate' ? metric.answered : metric.time)).join('|');
    return {
      counters: `{__name__=~"${names}",${matchers}}`,
      alive: `${metric.answered}{${matchers}}`,
      restarting: `${metric.answered}{${matchers}}`,
      armLabel: 'service',
      arms,
      labels: ['code', 'le'],
    };
  },
  read: (counts, wanted) => ({
    ...(wanted.includes('error-rate') ? { 'error-rate': readErrors(counts, failing) } : {}),
    ...(wanted.includes('e2e-latency')
      ? { 'e2e-latency': { buckets: bucketsOf(counts.filter(isAnswered), metric.time, 1) } }
      : {}),
  }),
});

function readErrors(counts: readonly Count[], failing: readonly string[]) {
  const ofCode = (matches: (code: string) => boolean) =>
    total(counts, metric.answered, (it) => matches(it['code'] ?? ''));
  // A class speaks of answers; who wants departures to be failures names them.
  const isRequest = (code: string) => code !== clientLeft || failing.includes(clientLeft);
  return {
    bad: ofCode((code) => isRequest(code) && isFailing(code, failing)),
    total: ofCode(isRequest),
  };
}

function isAnswered({ labels }: Count): boolean {
  return labels['code'] !== clientLeft;
}

/**
 * A pattern for the services that Traefik makes of a backend of the target's route, in either of its spellings: by the
 * rule that leads there, one for each rule and match (since 3.7.6), or by the backend alone (3.2 to 3.7.5).
 */
function serviceNames({ namespace, service, router }: Target, name: string): string {
  const route = `httproute-${normalized(`${namespace}-${router.name}`)}-gw-.+-ep-.+-[0-9]+-[0-9a-f]{20}`;
  const ofRule = `${route}-svc-${literal(`${namespace}-${name}`)}-[0-9]+`;
  const ofBackend = normalized(`${namespace}-${name}-http-${service.port}`);
  return `(?:${ofRule}|${ofBackend})@kubernetesgateway`;
}

/** As Traefik does it: whatever is neither letter nor digit becomes one dash. */
function normalized(text: string): string {
  return text.replaceAll(/[^a-z0-9]+/g, '-');
}
