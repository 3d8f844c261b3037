import type { Amounts, ArmCounts, Histogram, Missing } from '../../domain/analysis/measurement.ts';
import { costPer1kTokens, costPerRequest, type RequestTokens } from '../../domain/cost/request-costs.ts';
import { tokenPrices } from '../../domain/cost/token-prices.ts';
import { failingClasses } from '../../domain/metrics/failing.ts';
import {
  isCost,
  isShare,
  countedNames,
  type CostName,
  type CountedName,
  type ShareName,
  type SizeName,
} from '../../domain/metrics/metrics.ts';
import type { ArmCost, EnginePlan, MetricsPlan } from '../../domain/plan/metrics-plan.ts';
import type { Target } from '../../domain/plan/plan.ts';
import type { Proportion } from '../../domain/statistics/proportion.ts';
import { canaryWorkloadName } from '../../domain/rollout/naming.ts';
import { amountsOf } from './amounts.ts';
import { bucketsOf } from './histogram.ts';
import { literal, podNamePattern } from './pod-names.ts';
import { total, type Arm, type Count, type MetricsSource } from './source.ts';

const metric = {
  answered: 'http_requests_total',
  finished: 'vllm:request_success_total',
} as const;

/** The users' feedback is no business of vLLM's. */
type OwnShare = Exclude<ShareName, 'user-satisfaction'>;
type OwnMetric = Exclude<CountedName, 'user-satisfaction'>;

/** Of each share what it is counted with. */
const shares: Readonly<
  Record<
    OwnShare,
    {
      counters: readonly string[];
      read: (counts: readonly Count[], failing: readonly string[]) => Proportion;
    }
  >
> = {
  'error-rate': { counters: [metric.answered, metric.finished], read: readErrors },
  'length-share': { counters: [metric.finished], read: (counts) => endedBy(counts, 'length') },
  'repetition-share': { counters: [metric.finished], read: (counts) => endedBy(counts, 'repetition') },
};

/** Histograms by their names in vLLM, the present one first: the two arms may be of different versions. */
const sizes: Readonly<Record<SizeName, readonly string[]>> = {
  'e2e-latency': ['vllm:e2e_request_latency_seconds_bucket'],
  ttft: ['vllm:time_to_first_token_seconds_bucket'],
  // Deprecated and then hidden, each for a version, before it went.
  'inter-token-latency': [
    'vllm:inter_token_latency_seconds_bucket',
    'vllm:time_per_output_token_seconds_bucket',
  ],
  'latency-per-output-token': ['vllm:request_time_per_output_token_seconds_bucket'],
  'queue-time': ['vllm:request_queue_time_seconds_bucket'],
  'tokens-per-request': ['vllm:request_generation_tokens_bucket'],
};

/** Sizes of requests that ended: of aborted ones vLLM tells neither. */
const tokens = { input: 'vllm:request_prompt_tokens', output: 'vllm:request_generation_tokens' } as const;
const costs: Readonly<Record<CostName, (tokens: RequestTokens, cost: ArmCost) => Amounts>> = {
  'cost-per-request': (all, cost) => costPerRequest(all, tokenPrices(cost)),
  'cost-per-1k-tokens': (all, cost) => costPer1kTokens(all, tokenPrices(cost)),
};

/** vLLM's own counters, by the name of the pod. What fails how: docs/metrics.md. */
export const vllm = ({
  failing,
  cost,
  engine,
}: Pick<MetricsPlan, 'failing' | 'cost' | 'engine'>): MetricsSource => ({
  offers: countedNames.filter(isOwn),
  select: (target, names) => {
    const { label, ...arms } = armsOf(target, engine);
    const matchers =
      `namespace=${JSON.stringify(target.namespace)},` +
      `${label}=~${JSON.stringify(`${arms.stable}|${arms.canary}`)}`;
    // Only generation is a POST under /v1: readiness and warm-up ask GET /v1/models. Series that have neither label
    // match the empty alternative.
    const generation = 'handler=~"|/v1/.*",method=~"|POST"';
    const counters = [...new Set(names.filter(isOwn).flatMap(countersOf))];
    const named = counters.map((it) => prefixed(it, engine)).join('|');
    return {
      counters: `{__name__=~"${named}",${matchers},${generation}}`,
      alive: `${prefixed('vllm:e2e_request_latency_seconds_count', engine)}{${matchers}}`,
      restarting: `${metric.answered}{${matchers},${generation}}`,
      started: `process_start_time_seconds{${matchers}}`,
      armLabel: label,
      arms,
      labels: ['status', 'finished_reason', 'le'],
    };
  },
  read: (found, names, arm) => {
    const counts = found.map((it) => ({ ...it, name: unprefixed(it.name, engine) }));
    const readOne = (name: OwnMetric): ArmCounts[OwnMetric] => {
      if (isCost(name)) return readCost(counts, costs[name], cost[arm]);
      return isShare(name) ? shares[name].read(counts, failing) : readHistogram(counts, sizes[name]);
    };
    return Object.fromEntries(names.filter(isOwn).map((it) => [it, readOne(it)]));
  },
});

const usualPrefix = 'vllm:';

/** The names of the HTTP server's series are its own whatever the engine's are. */
function prefixed(name: string, { prefix }: EnginePlan): string {
  return name.startsWith(usualPrefix) ? `${prefix}${name.slice(usualPrefix.length)}` : name;
}

function unprefixed(name: string, { prefix }: EnginePlan): string {
  return name.startsWith(prefix) ? `${usualPrefix}${name.slice(prefix.length)}` : name;
}

/** Patterns: of pods' names, when the plan names no label. */
function armsOf(target: Target, { arms }: EnginePlan): Record<Arm | 'label', string> {
  if (arms !== null) return { label: arms.label, stable: literal(arms.stable), canary: literal(arms.canary) };
  const [stable, canary] = [target.workload.name, canaryWorkloadName(target)].map(podNamePattern);
  return { label: 'pod', stable: stable ?? '', canary: canary ?? '' };
}

function isOwn(name: CountedName): name is OwnMetric {
  return name !== 'user-satisfaction';
}

function countersOf(name: OwnMetric): readonly string[] {
  if (isCost(name))
    return Object.values(tokens).flatMap((it) => ['bucket', 'sum', 'count'].map((part) => `${it}_${part}`));
  return isShare(name) ? shares[name].counters : sizes[name];
}

function readCost(
  counts: readonly Count[],
  costOf: (typeof costs)[CostName],
  cost: ArmCost,
): Amounts | Missing {
  const lacking = Object.values(tokens).filter((it) => !counts.some(({ name }) => name === `${it}_count`));
  if (lacking.length > 0) return { missing: `vLLM has no ${lacking.join(' and no ')}` };
  const [input, output] = [amountsOf(counts, tokens.input), amountsOf(counts, tokens.output)];
  return costOf({ input, output }, cost);
}

function readHistogram(counts: readonly Count[], names: readonly string[]): Histogram | Missing {
  if (!counts.some((it) => names.includes(it.name)))
    return { missing: `vLLM has no ${names.join(' and no ')}` };
  const found = names.map((it) => bucketsOf(counts, it, 1)).find((it) => (it.at(-1)?.count ?? 0) > 0);
  return { buckets: found ?? [] };
}

/** Of the answers that ended well. */
function endedBy(counts: readonly Count[], reason: string): Proportion {
  const endedWith = (matches: (reason: string) => boolean) =>
    total(counts, metric.finished, (it) => matches(it['finished_reason'] ?? ''));
  return {
    bad: endedWith((it) => it === reason),
    total: endedWith((it) => it !== 'error' && it !== 'abort'),
  };
}

function readErrors(counts: readonly Count[], failing: readonly string[]): Proportion {
  const status = (digit: string) =>
    total(counts, metric.answered, (it) => it['status']?.startsWith(digit) ?? false);
  const refused = status('5');
  const errors = total(counts, metric.finished, (it) => it['finished_reason'] === 'error');
  const good = total(counts, metric.finished, (it) => it['finished_reason'] !== 'error');
  // Streams that broke after their first token have status 2xx. The engine counts them as errors, and with them those
  // of requests that were not streamed, which are 5xx already. So: answered 2xx without a good end, as far as the
  // engine's errors explain that; a client that leaves has no good end either, and is no failure.
  const brokenStreams = clamp(status('2') - good, Math.max(0, errors - refused), errors);
  const failed = failingClasses(failing).reduce((sum, it) => sum + status(it), brokenStreams);
  return { bad: failed, total: Math.max(total(counts, metric.answered), failed) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
