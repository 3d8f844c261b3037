/** A share of requests: so many of so many. */
export interface ShareMetric {
  readonly kind: 'share';
  /** For people, without the arm: `error rate`. */
  readonly title: string;
}

/** A size that each request (or token) has; a quantile of it is judged. */
export interface SizeMetric {
  readonly kind: 'size';
  readonly unit: 'seconds' | 'tokens';
  readonly title: string;
}

/** What criteria can be about, by name. All are better when they are lower. docs/metrics.md tells what each counts. */
export const metrics = {
  'error-rate': { kind: 'share', title: 'error rate' },
  'length-share': { kind: 'share', title: 'share of answers that ended at their length limit' },
  'repetition-share': { kind: 'share', title: 'share of answers that repeated themselves' },
  'e2e-latency': { kind: 'size', unit: 'seconds', title: 'latency' },
  ttft: { kind: 'size', unit: 'seconds', title: 'time to first token' },
  'inter-token-latency': { kind: 'size', unit: 'seconds', title: 'inter-token latency' },
  'latency-per-output-token': { kind: 'size', unit: 'seconds', title: 'latency per output token' },
  'queue-time': { kind: 'size', unit: 'seconds', title: 'time in the queue' },
  'tokens-per-request': { kind: 'size', unit: 'tokens', title: 'tokens per request' },
} as const satisfies Record<string, ShareMetric | SizeMetric>;

type Metrics = typeof metrics;
type NamesOf<Some> = { [Name in keyof Metrics]: Metrics[Name] extends Some ? Name : never }[keyof Metrics];

export type MetricName = keyof Metrics;
export type ShareName = NamesOf<ShareMetric>;
export type SizeName = NamesOf<SizeMetric>;
export type TimeName = NamesOf<{ readonly unit: 'seconds' }>;
export type TokensName = NamesOf<{ readonly unit: 'tokens' }>;

export const metricNames = Object.keys(metrics) as readonly MetricName[];
export const shareNames = metricNames.filter(isShare);
export const timeNames = metricNames.filter(isTime);
export const tokensNames = metricNames.filter((it): it is TokensName => !isShare(it) && !isTime(it));

export function isShare(name: MetricName): name is ShareName {
  return metrics[name].kind === 'share';
}

function isTime(name: MetricName): name is TimeName {
  const metric = metrics[name];
  return metric.kind === 'size' && metric.unit === 'seconds';
}
