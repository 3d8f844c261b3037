/**
 * An LLM judge asks the arms' Services: no gateway sees it, and vLLM counts it like any user. A canary with one percent
 * of the traffic would be judged by the judge's prompts, not by its users' ones.
 */
import { aboutMetric, type MetricName } from '../metrics/metrics.ts';
import type { MetricsPlan } from '../plan/metrics-plan.ts';

/** A Prometheus has counters as they were some seconds ago: the judge's last requests come into them late. */
export const ownRequestsSettleMs = 30_000;

/** Told by users, or by the gateway where there is one. */
const toldByOthers: readonly MetricName[] = ['user-satisfaction', 'e2e-latency'];

/**
 * Whether a metric is counted by vLLM, the judge's requests and all. Errors are left out, whoever counts them: one that
 * the judge was given is the arm's as much as any.
 */
export function countsOwnRequests(name: MetricName, { source }: Pick<MetricsPlan, 'source'>): boolean {
  if (name === 'error-rate' || aboutMetric(name).kind === 'value') return false;
  return source === 'vllm' ? name !== 'user-satisfaction' : !toldByOthers.includes(name);
}
