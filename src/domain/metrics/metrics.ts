/** A share of requests: so many of so many. */
export interface ShareMetric {
  readonly kind: 'share';
  readonly better: 'lower' | 'higher';
  /** For people, without the arm: `error rate`. */
  readonly title: string;
}

/** A size that each request (or token) has; a quantile of it is judged. */
export interface SizeMetric {
  readonly kind: 'size';
  readonly unit: 'seconds' | 'tokens';
  readonly title: string;
}

/** What each request costs; the mean is judged. */
export interface CostMetric {
  readonly kind: 'cost';
  readonly title: string;
}

/** What criteria can be about, by name. docs/metrics.md tells what each counts. */
export const metrics = {
  'error-rate': { kind: 'share', better: 'lower', title: 'error rate' },
  'length-share': {
    kind: 'share',
    better: 'lower',
    title: 'share of answers that ended at their length limit',
  },
  'repetition-share': { kind: 'share', better: 'lower', title: 'share of answers that repeated themselves' },
  'user-satisfaction': { kind: 'share', better: 'higher', title: 'user satisfaction' },
  'e2e-latency': { kind: 'size', unit: 'seconds', title: 'latency' },
  ttft: { kind: 'size', unit: 'seconds', title: 'time to first token' },
  'inter-token-latency': { kind: 'size', unit: 'seconds', title: 'inter-token latency' },
  'latency-per-output-token': { kind: 'size', unit: 'seconds', title: 'latency per output token' },
  'queue-time': { kind: 'size', unit: 'seconds', title: 'time in the queue' },
  'tokens-per-request': { kind: 'size', unit: 'tokens', title: 'tokens per request' },
  'cost-per-request': { kind: 'cost', title: 'cost per request' },
  'cost-per-1k-tokens': { kind: 'cost', title: 'cost per 1,000 generated tokens' },
} as const satisfies Record<string, ShareMetric | SizeMetric | CostMetric>;

type Metrics = typeof metrics;
type NamesOf<Some> = { [Name in keyof Metrics]: Metrics[Name] extends Some ? Name : never }[keyof Metrics];

export type MetricName = keyof Metrics;
export type ShareName = NamesOf<ShareMetric>;
export type SizeName = NamesOf<SizeMetric>;
export type TimeName = NamesOf<{ readonly unit: 'seconds' }>;
export type TokensName = NamesOf<{ readonly unit: 'tokens' }>;
export type CostName = NamesOf<CostMetric>;

export const metricNames = Object.keys(metrics) as readonly MetricName[];
const shareNames = metricNames.filter(isShare);
/** Those that must stay below a limit. */
export const badShareNames = shareNames.filter((it) => metrics[it].better === 'lower');
/** Those that must stay above one. */
export const goodShareNames = shareNames.filter((it) => metrics[it].better === 'higher');
export const timeNames = metricNames.filter(isTime);
export const tokensNames = metricNames.filter(isTokens);
export const costNames = metricNames.filter(isCost);

export function isShare(name: MetricName): name is ShareName {
  return metrics[name].kind === 'share';
}

export function isSize(name: MetricName): name is SizeName {
  return metrics[name].kind === 'size';
}

export function isCost(name: MetricName): name is CostName {
  return metrics[name].kind === 'cost';
}

export function isTime(name: MetricName): name is TimeName {
  return isSize(name) && metrics[name].unit === 'seconds';
}

function isTokens(name: MetricName): name is TokensName {
  return isSize(name) && metrics[name].unit === 'tokens';
}
