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

/** A number that somebody else computed; what it rests on nobody knows, so that only the number itself is judged. */
export interface ValueMetric {
  readonly kind: 'value';
  /** `plain`: as it is told. */
  readonly unit: 'share' | 'plain';
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
  'gpu-utilisation': { kind: 'value', unit: 'share', title: 'GPU utilisation' },
} as const satisfies Record<string, Metric>;

export type Metric = ShareMetric | SizeMetric | CostMetric | ValueMetric;

type Metrics = typeof metrics;
type NamesOf<Some> = { [Name in keyof Metrics]: Metrics[Name] extends Some ? Name : never }[keyof Metrics];

export type ShareName = NamesOf<ShareMetric>;
export type SizeName = NamesOf<SizeMetric>;
export type TimeName = NamesOf<{ readonly unit: 'seconds' }>;
export type TokensName = NamesOf<{ readonly unit: 'tokens' }>;
export type CostName = NamesOf<CostMetric>;
/** What requests, tokens or ratings were counted for. */
export type CountedName = ShareName | SizeName | CostName;
/** A person's own metric, by the name that the plan gives it. */
export type CustomName = `custom/${string}`;
export type ValueName = NamesOf<ValueMetric> | CustomName;
export type MetricName = CountedName | ValueName;

const customPrefix = 'custom/';

/** Of all that counts tell. */
export const countedNames = (Object.keys(metrics) as readonly (keyof Metrics)[]).filter(isCounted);
const shareNames = countedNames.filter(isShare);
/** Those that must stay below a limit. */
export const badShareNames = shareNames.filter((it) => metrics[it].better === 'lower');
/** Those that must stay above one. */
export const goodShareNames = shareNames.filter((it) => metrics[it].better === 'higher');
export const timeNames = countedNames.filter(isTime);
export const tokensNames = countedNames.filter(isTokens);
export const costNames = countedNames.filter(isCost);

export function aboutMetric(name: MetricName): Metric {
  return isCustom(name)
    ? { kind: 'value', unit: 'plain', title: name.slice(customPrefix.length) }
    : metrics[name];
}

export function isShare(name: MetricName): name is ShareName {
  return aboutMetric(name).kind === 'share';
}

export function isSize(name: MetricName): name is SizeName {
  return aboutMetric(name).kind === 'size';
}

export function isCost(name: MetricName): name is CostName {
  return aboutMetric(name).kind === 'cost';
}

export function isValue(name: MetricName): name is ValueName {
  return aboutMetric(name).kind === 'value';
}

export function isCounted(name: MetricName): name is CountedName {
  return !isValue(name);
}

export function isCustom(name: MetricName): name is CustomName {
  return name.startsWith(customPrefix);
}

/** `custom/quality` of `quality`. */
export function customName(name: string): CustomName {
  return `${customPrefix}${name}`;
}

export function isTime(name: MetricName): name is TimeName {
  return isSize(name) && metrics[name].unit === 'seconds';
}

function isTokens(name: MetricName): name is TokensName {
  return isSize(name) && metrics[name].unit === 'tokens';
}
