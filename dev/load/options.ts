import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Spacing } from './arrivals.ts';
import { builtInPrompt, type Prompt } from './prompts.ts';

/** What load to send, and where. */
export interface LoadOptions {
  /** Base address of the service, http or https, for example `http://127.0.0.1:8000`. */
  url: string;
  /** Added to the base address. @default '/v1/chat/completions' */
  path?: string;
  /** Requests per second, 0.001 to 10000. @default 10 */
  ratePerSecond?: number;
  /** `constant` or `poisson`. @default 'constant' */
  spacing?: Spacing;
  /** How long to send, in ms, more than 0; Infinity sends until stopped. @default Infinity */
  durationMs?: number;
  /** Share of requests that ask for a stream, 0 to 1; drawn per request by seed. @default 0.5 */
  streamShare?: number;
  /** Model name in the request body. @default 'standin', which the stand-in service serves */
  model?: string;
  /** `max_tokens` in the request body, at least 1. @default 64 */
  maxTokens?: number;
  /** Text of each request. @default one of a dozen built-in questions */
  prompt?: Prompt;
  /** Extra request headers; `host` may be set, to pass through a gateway. @default {} */
  headers?: Readonly<Record<string, string>>;
  /** Longest time from sending a request to the end of its answer, in ms, 1 to 3600000. @default 60000 */
  timeoutMs?: number;
  /** Response header that names the arm. @default 'x-sluice-arm' */
  armHeader?: string;
  /** Integer that fixes every choice by chance: spacing, streaming, prompts. @default 1 */
  seed?: number;
}

/** The defaults of every option that has one. */
export const loadDefaults = {
  path: '/v1/chat/completions',
  ratePerSecond: 10,
  spacing: 'constant',
  durationMs: Infinity,
  streamShare: 0.5,
  model: 'standin',
  maxTokens: 64,
  prompt: builtInPrompt,
  headers: {},
  timeoutMs: 60_000,
  armHeader: 'x-sluice-arm',
  seed: 1,
} as const satisfies Omit<LoadOptions, 'url'>;

/** Options with the defaults filled in and the address put together. */
export interface ResolvedLoadOptions extends Required<LoadOptions> {
  endpoint: URL;
}

export interface OptionProblem {
  option: keyof LoadOptions;
  allowed: string;
  found: string;
}

/** Options outside of what is allowed: every problem, not just the first. */
export class LoadOptionsError extends Error {
  readonly problems: readonly OptionProblem[];

  constructor(problems: readonly OptionProblem[]) {
    super(problems.map((it) => `${it.option} must be ${it.allowed}: found ${it.found}`).join('\n'));
    this.name = 'LoadOptionsError';
    this.problems = problems;
  }
}

type Rule = Omit<OptionProblem, 'found'> & { holds: (options: Required<LoadOptions>) => boolean };

const rules: readonly Rule[] = [
  {
    option: 'url',
    allowed: 'an http or https address without user, query or fragment',
    holds: (it) => isBase(it.url),
  },
  { option: 'path', allowed: 'a path that starts with one /', holds: (it) => /^\/(?!\/)\S*$/.test(it.path) },
  {
    option: 'ratePerSecond',
    allowed: 'a number from 0.001 to 10000',
    holds: (it) => within(it.ratePerSecond, 0.001, 10_000),
  },
  {
    option: 'spacing',
    allowed: 'constant or poisson',
    holds: (it) => ['constant', 'poisson'].includes(it.spacing),
  },
  { option: 'durationMs', allowed: 'a time of more than 0 ms', holds: (it) => it.durationMs > 0 },
  { option: 'streamShare', allowed: 'a number from 0 to 1', holds: (it) => within(it.streamShare, 0, 1) },
  { option: 'model', allowed: 'a name', holds: (it) => it.model !== '' },
  {
    option: 'maxTokens',
    allowed: 'a whole number, at least 1',
    holds: (it) => wholeWithin(it.maxTokens, 1, 2 ** 31),
  },
  {
    option: 'headers',
    allowed: 'valid headers that HTTP leaves to the client',
    holds: (it) => areHeaders(it.headers),
  },
  {
    option: 'timeoutMs',
    allowed: 'a time from 1 to 3600000 ms',
    holds: (it) => within(it.timeoutMs, 1, 3_600_000),
  },
  { option: 'armHeader', allowed: 'a header name', holds: (it) => isHeader(it.armHeader, '') },
  { option: 'seed', allowed: 'a whole number', holds: (it) => Number.isSafeInteger(it.seed) },
];

/**
 * Fills in the defaults and checks every bound.
 *
 * @throws LoadOptionsError with all problems.
 */
export function resolveLoadOptions(options: LoadOptions): ResolvedLoadOptions {
  const resolved: Required<LoadOptions> = { ...loadDefaults, ...options };
  const broken = rules.filter((rule) => !rule.holds(resolved));
  if (broken.length > 0) {
    throw new LoadOptionsError(
      broken.map(({ option, allowed }) => ({ option, allowed, found: describe(resolved[option]) })),
    );
  }
  return {
    ...resolved,
    // In lower case, so that a header given in another case replaces ours instead of joining it.
    headers: Object.fromEntries(
      Object.entries(resolved.headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    endpoint: new URL(resolved.url.replace(/\/+$/, '') + resolved.path),
  };
}

function describe(value: ResolvedLoadOptions[keyof LoadOptions]): string {
  // Header values may be secret, and 1e999 in JSON is null.
  if (typeof value === 'object') return Object.keys(value).join(', ');
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function within(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

function wholeWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && within(value, least, most);
}

function isBase(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false;
  return [url.username, url.password, url.search, url.hash].every((part) => part === '');
}

/** Headers that the HTTP client sets itself; it refuses a request that brings its own. */
const clientHeaders = [
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
];

function areHeaders(headers: Readonly<Record<string, string>>): boolean {
  return Object.entries(headers).every(
    ([name, value]) => isHeader(name, value) && !clientHeaders.includes(name.toLowerCase()),
  );
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
