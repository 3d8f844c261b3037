/** What single values of a plan may be: used by the rules, by messages, and by the schema for editors. */

import { failingStatus } from '../../metrics/failing.ts';
import { aboutMetric, type MetricName } from '../../metrics/metrics.ts';

/** An inclusive range; `step` counts from 0. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly text: string;
}

export function isIn(range: Range, value: number): boolean {
  if (!(value >= range.min && value <= range.max)) return false;
  if (range.step === undefined) return true;
  const steps = value / range.step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}

const second = 1000;
/** Shorter than the 24.8 days after which a JavaScript timer fires at once. */
const longestMs = 480 * 3600 * second;
const aDuration = 'such as 90s, 30m or 1h30m';

/** What numbers may be. Durations in milliseconds, shares as fractions of 1. */
export const ranges = {
  weightPercent: { min: 0.1, max: 100, step: 0.1, text: '0.1 to 100 in steps of 0.1' },
  port: { min: 1, max: 65_535, step: 1, text: 'a port number, 1 to 65535' },
  /** 0 would be broken by a canary without a single failure: the bound is strict. */
  maxShare: { min: 0.000_01, max: 1, text: 'a share with its percent sign, 0.001% to 100%' },
  /** A doubt of a half would be a coin. */
  risk: { min: 0.000_01, max: 0.5, text: 'a share with its percent sign, 0.001% to 50%' },
  maxSeconds: { min: 0.001, max: 3600, text: 'a duration such as 500ms or 2s, 1ms to 1h' },
  /** Of two shares: it may be below 0. */
  shareDifference: { min: -1, max: 1, text: 'a difference of shares such as -2% or 1%, -100% to 100%' },
  maxTokens: { min: 1, max: 10_000_000, text: 'a number of tokens, at least 1' },
  maxCost: { min: 1e-12, max: 1_000_000, text: 'a price above 0, up to 1000000' },
  /** Of a person's own metric. Beyond, whole numbers are not told apart. */
  plain: { min: -1e15, max: 1e15, text: 'a number' },
  /** Input may be free. */
  inputPrice: { min: 0, max: 1_000_000, text: 'a price, 0 to 1000000' },
  gpusPerPod: { min: 1, max: 1024, step: 1, text: 'a whole number of GPUs, at least 1' },
  tokensPerSecond: { min: 0.1, max: 100_000_000, text: 'a number of tokens, at least 0.1' },
  maxRatio: { min: 0.01, max: 100, text: 'a ratio, 0.01 to 100' },
  minimumSamples: { min: 1, max: 1_000_000_000, step: 1, text: 'a whole number of requests, at least 1' },
  replicas: { min: 1, max: 10_000, step: 1, text: 'a whole number of pods, at least 1' },
  requestsPerPod: { min: 0, max: 1000, step: 1, text: 'a whole number of requests, 0 to 1000' },
  /** May be over at once. */
  pauseMs: { min: 0, max: longestMs, text: `a duration ${aDuration}, 0s to 480h` },
  /** Something has to happen within it. */
  limitMs: { min: second, max: longestMs, text: `a duration ${aDuration}, 1s to 480h` },
  /** Of guards, each look of which is a query. */
  lookMs: { min: second / 10, max: longestMs, text: `a duration ${aDuration}, 100ms to 480h` },
} as const satisfies Record<string, Range>;

/** Texts that must match as a whole. */
export const formats = {
  /** RFC 1123 label: namespaces, and what becomes part of a workflow id. */
  label: {
    pattern: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    text: 'a name of a-z, 0-9 and -, at most 63 characters, first and last no -',
  },
  /** RFC 1035 label: Kubernetes asks more of Services than of other objects. */
  service: {
    pattern: /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
    text: 'a name of a-z, 0-9 and -, at most 63 characters, first a letter, last no -',
  },
  /** RFC 1123 subdomain: Deployments and HTTPRoutes. */
  subdomain: {
    pattern: /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    text: 'a name of a-z, 0-9, - and ., at most 253 characters, first and last of each part no -',
  },
  version: {
    pattern: /^(?=.{1,63}$)[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
    text: 'a label value: letters, digits, -, _ and ., at most 63 characters, first and last a letter or digit',
  },
  failing: failingStatus,
  metricName: {
    pattern: /^[a-zA-Z_:][a-zA-Z0-9_:]{0,255}$/,
    text: 'the name of a metric: letters, digits, _ and :',
  },
  /** A name may go on after it. */
  metricPrefix: {
    pattern: /^[a-zA-Z_:][a-zA-Z0-9_:]{0,63}$/,
    text: 'the beginning of a metric’s name: letters, digits, _ and :',
  },
  labelName: {
    pattern: /^[a-zA-Z_][a-zA-Z0-9_]{0,255}$/,
    text: 'the name of a label: letters, digits and _',
  },
  /** One line or more; what PromQL makes of it Prometheus tells. */
  query: { pattern: /^(?=[^]*\S)[^]{1,4000}$/, text: 'an instant query of 1 to 4000 characters' },
  jsonPath: {
    pattern: /^\$[^\p{Cc}]{0,499}$/u,
    text: 'a JSONPath (RFC 9535) such as $.data.score, at most 500 characters',
  },
  pathWithin: {
    pattern: /^(?!\/)(?!(.*\/)?\.\.(\/|$))[^\\\p{Cc}]{1,400}$/u,
    text: 'a path within the worker’s folder of values, without ..',
  },
  question: { pattern: /^(?=\S)[^\p{Cc}]{1,200}$/u, text: 'a question of 1 to 200 characters in one line' },
  path: { pattern: /^\/[^\s#]*$/, text: 'a path that starts with /' },
  headerName: {
    pattern: /^[A-Za-z0-9!#$%&'*+\-.^_`|~]{1,256}$/,
    text: 'a header name of at most 256 characters (RFC 9110)',
  },
  headerValue: {
    pattern: /^[\x21-\x7e]([\x20-\x7e]{0,4094}[\x21-\x7e])?$/,
    text: 'a header value: printable ASCII, 1 to 4096 characters, no blank at either end',
  },
} as const satisfies Record<string, Format>;

export interface Format {
  readonly pattern: RegExp;
  readonly text: string;
}

/** Functions of JSONPath whose regular expressions could keep a worker busy for longer than anybody waits. */
export const slowJsonPathFunctions = ['match', 'search'] as const;

/** A phase is about 40 events, and Temporal ends a workflow at 51,200. */
export const mostPhases = 100;

/** What a limit in a metric's own unit may be. */
export function limitRange(metric: MetricName): Range {
  const about = aboutMetric(metric);
  if (about.kind === 'share') return ranges.maxShare;
  if (about.kind === 'value') return about.unit === 'share' ? ranges.maxShare : ranges.plain;
  if (about.kind === 'cost') return ranges.maxCost;
  return about.unit === 'seconds' ? ranges.maxSeconds : ranges.maxTokens;
}

/** null for what is no http or https address, or has a user, a password or a fragment. */
export function addressOf(text: string): URL | null {
  const url = /^https?:\/\/[^/\s]\S*$/.test(text) ? URL.parse(text) : null;
  return url?.username === '' && url.password === '' && url.hash === '' ? url : null;
}

export const urlText = 'an http or https address without user, password or fragment';
