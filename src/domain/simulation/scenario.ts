import { costNames, countedNames, isSize } from '../metrics/metrics.ts';
import { usual, type Behaviour } from './behaviour.ts';

/** A canary that was made up, beside a stable version in which nothing is wrong. */
export interface Scenario {
  /** As it was asked for: `errors=2%`. */
  readonly name: string;
  /** For people. */
  readonly what: string;
  /** Whether anybody sends requests. */
  readonly traffic: boolean;
  /** @param sinceMs since its first request. */
  readonly canary: (sinceMs: number) => Behaviour;
}

interface Kind {
  /** What the number after `=` is. */
  readonly takes: 'share' | 'ratio' | 'nothing';
  readonly default: number;
  readonly what: (value: number) => string;
  readonly canary: (value: number) => Scenario['canary'];
}

const hourMs = 3_600_000;
const always = (behaviour: Behaviour) => () => behaviour;

const kinds = {
  good: {
    takes: 'nothing',
    default: 0,
    what: () => 'as stable',
    canary: () => always(usual),
  },
  errors: {
    takes: 'share',
    default: 0.02,
    what: (share) => `${percent(share)} % of its requests fail`,
    canary: (share) => always({ ...usual, shares: { ...usual.shares, 'error-rate': share } }),
  },
  slow: {
    takes: 'ratio',
    default: 3.5,
    what: (ratio) => `everything takes ${ratio} times as long`,
    canary: (ratio) => always(slower(ratio)),
  },
  dearer: {
    takes: 'ratio',
    default: 3,
    what: (ratio) => `${ratio} times as many tokens an answer, which take and cost as much more`,
    canary: (ratio) => always(longerAnswers(ratio)),
  },
  leak: {
    takes: 'ratio',
    default: 1.2,
    what: (ratio) => `everything takes ${ratio} times as long after each hour`,
    canary: (ratio) => (sinceMs) => slower(ratio ** (sinceMs / hourMs)),
  },
  'no-traffic': {
    takes: 'nothing',
    default: 0,
    what: () => 'nobody sends a request',
    canary: () => always(usual),
  },
} as const satisfies Record<string, Kind>;

/** What can be asked for, the number left away. */
export const scenarioNames = Object.keys(kinds) as readonly (keyof typeof kinds)[];

/** How scenarios are written, for people. */
export const scenarioText =
  'good, errors[=2%], slow[=3.5], dearer[=3], leak[=1.2] or no-traffic; shares above 0 % up to 100 %, ratios from 1 to 100';

/** @returns null for what is no scenario: {@link scenarioText} says what is. */
export function parseScenario(text: string): Scenario | null {
  const [name = '', ...rest] = text.split('=');
  const kind: Kind | undefined = Object.hasOwn(kinds, name) ? kinds[name as keyof typeof kinds] : undefined;
  if (kind === undefined || rest.length > 1) return null;
  const [written] = rest;
  const value = written === undefined ? kind.default : parseValue(written, kind.takes);
  if (value === null) return null;
  return {
    name: text,
    what: kind.what(value),
    traffic: name !== 'no-traffic',
    canary: kind.canary(value),
  };
}

function parseValue(text: string, takes: Kind['takes']): number | null {
  const [, digits = '', unit] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const number = digits === '' ? NaN : Number(digits);
  if (takes === 'share') return unit === '%' && number > 0 && number <= 100 ? number / 100 : null;
  return takes === 'ratio' && unit === '' && number >= 1 && number <= 100 ? number : null;
}

function slower(ratio: number): Behaviour {
  return scaled(ratio, (metric) => metric !== 'tokens-per-request');
}

function longerAnswers(ratio: number): Behaviour {
  const longer = scaled(ratio, (metric) => metric === 'tokens-per-request' || metric === 'e2e-latency');
  const costs = { ...usual.costs };
  for (const metric of costNames) {
    const { mean, deviation } = costs[metric];
    if (metric === 'cost-per-request') costs[metric] = { mean: mean * ratio, deviation: deviation * ratio };
  }
  return { ...longer, costs };
}

function scaled(ratio: number, concerns: (metric: string) => boolean): Behaviour {
  const sizes = { ...usual.sizes };
  for (const metric of countedNames) {
    if (!isSize(metric) || !concerns(metric)) continue;
    sizes[metric] = { ...sizes[metric], median: sizes[metric].median * ratio };
  }
  return { ...usual, sizes };
}

function percent(share: number): number {
  return Number((share * 100).toPrecision(6));
}
