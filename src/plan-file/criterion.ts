/** The shape of a criterion in a rollout file: a metric, which of its values, and one limit. */
import { z } from 'zod';
import {
  badShareNames,
  costNames,
  goodShareNames,
  timeNames,
  tokensNames,
  type CostName,
  type ShareName,
  type SizeName,
} from '../domain/metrics/metrics.ts';
import { usualLimits } from '../domain/metrics/usual-limits.ts';
import type { Criterion, Limit, Quantile } from '../domain/plan/plan.ts';
import { formats, ranges } from '../domain/plan/rules/values.ts';
import { choice, duration, number, share, shareDifference, text } from './leaves.ts';
import { oneOf, withOneOf } from './one-of.ts';

const quantiles = { p50: 0.5, p95: 0.95, p99: 0.99 } as const satisfies Record<string, Quantile>;

/** Of what is better when it is lower, and of what is better when it is higher. */
const [upper, lower] = [
  ['max', 'maxRatio', 'maxDifference'],
  ['min', 'minRatio', 'minDifference'],
] as const;
/** Of values either may be meant: nobody knows which way is better. */
const limitNames = { max: upper, min: lower, both: [...upper, ...lower] } as const;
type Side = keyof typeof limitNames;
type LimitName = (typeof limitNames)[Side][number];

const metric = 'What is held against the limit.';
const quantile = choice(
  ['p50', 'p95', 'p99'],
  'Which value of many: p99 is larger than 99 % of them.',
).prefault('p99');

/** A criterion's fields, by what its metric is counted in, with those of the gate or guard that it is in. */
export const criterionShapes = {
  badShare: <Fields extends z.core.$ZodLooseShape>(fields: Fields) =>
    withOneLimit(
      z.strictObject({
        metric: choice(badShareNames, metric),
        ...upperLimits((description) => share(ranges.maxShare, description)),
        ...fields,
      }),
      'max',
    ),
  goodShare: <Fields extends z.core.$ZodLooseShape>(fields: Fields) =>
    withOneLimit(
      z.strictObject({
        metric: choice(goodShareNames, metric),
        ...lowerShareLimits(),
        ...fields,
      }),
      'min',
    ),
  time: <Fields extends z.core.$ZodLooseShape>(fields: Fields) =>
    withOneLimit(
      z.strictObject({
        metric: choice(timeNames, metric),
        quantile,
        ...upperLimits((description) =>
          duration(ranges.maxSeconds, description).transform((ms) => ms / 1000),
        ),
        ...fields,
      }),
      'max',
    ),
  tokens: <Fields extends z.core.$ZodLooseShape>(fields: Fields) =>
    withOneLimit(
      z.strictObject({
        metric: choice(tokensNames, metric),
        quantile,
        ...upperLimits((description) => number(ranges.maxTokens, description)),
        ...fields,
      }),
      'max',
    ),
  cost: <Fields extends z.core.$ZodLooseShape>(fields: Fields) =>
    withOneLimit(
      z.strictObject({
        metric: choice(costNames, metric),
        ...upperLimits((description) => number(ranges.maxCost, description)),
        ...fields,
      }),
      'max',
    ),
  gpu: <Fields extends z.core.$ZodLooseShape>(fields: Fields) =>
    withOneLimit(
      z.strictObject({
        metric: choice(['gpu-utilisation'], metric),
        ...upperLimits((description) => share(ranges.maxShare, description)),
        ...lowerShareLimits(),
        ...fields,
      }),
      'both',
      '1%',
    ),
  custom: <Fields extends z.core.$ZodLooseShape>(fields: Fields) =>
    withOneLimit(
      z.strictObject({
        metric: choice(['custom'], metric),
        name: text(formats.label, 'Which metric of metrics.custom.'),
        ...upperLimits((description) => number(ranges.plain, description)),
        ...lowerLimits(
          (description) => number(ranges.plain, description),
          (description) => number(ranges.plain, `${description}: -0.02 for no more than that worse.`),
        ),
        ...fields,
      }),
      'both',
      1,
    ),
};

function lowerShareLimits() {
  return lowerLimits(
    (description) => share(ranges.maxShare, description),
    (description) =>
      shareDifference(ranges.shareDifference, `${description}: -2% for no more than that worse.`),
  );
}

function lowerLimits<Leaf extends z.ZodType, Difference extends z.ZodType>(
  inUnit: (description: string) => Leaf,
  difference: (description: string) => Difference,
) {
  return {
    min: inUnit('The canary’s value must stay above this.').optional(),
    minRatio: number(
      ranges.maxRatio,
      'The canary’s value divided by stable’s must stay above this.',
    ).optional(),
    minDifference: difference('The canary’s value less stable’s must stay above this').optional(),
  };
}

function upperLimits<Leaf extends z.ZodType>(inUnit: (description: string) => Leaf) {
  return {
    max: inUnit('The canary’s value must stay below this.').optional(),
    maxRatio: number(
      ranges.maxRatio,
      'The canary’s value divided by stable’s must stay below this.',
    ).optional(),
    maxDifference: inUnit('The canary’s value less stable’s must stay below this.').optional(),
  };
}

/** @param standIn a limit that repair.ts puts in the place of a missing one; without it the metric has a usual one. */
function withOneLimit<Shape extends z.ZodType>(
  shape: Shape,
  side: Side,
  standIn: string | number | null = null,
): Shape {
  return withOneOf(shape, limitNames[side], standIn === null ? null : { missing: 'max', standIn });
}

type FileLimits = Readonly<Partial<Record<LimitName, number | undefined>>>;

type FileCriterion = FileLimits &
  (
    | { readonly metric: ShareName | CostName | 'gpu-utilisation' }
    | { readonly metric: 'custom'; readonly name: string }
    | { readonly metric: SizeName; readonly quantile: keyof typeof quantiles }
  );

/** The plan's criterion. */
export function toCriterion(file: FileCriterion): Criterion {
  const limit = toLimit(file) ?? usualLimit(file.metric);
  if (file.metric === 'custom') return { metric: file.metric, name: file.name, ...limit };
  return 'quantile' in file
    ? { metric: file.metric, quantile: quantiles[file.quantile], ...limit }
    : { metric: file.metric, ...limit };
}

function toLimit({ max, maxRatio, maxDifference, min, minRatio, minDifference }: FileLimits): Limit | null {
  if (max !== undefined) return { max };
  if (maxRatio !== undefined) return { maxRatio };
  if (maxDifference !== undefined) return { maxDifference };
  if (min !== undefined) return { min };
  if (minRatio !== undefined) return { minRatio };
  if (minDifference !== undefined) return { minDifference };
  return null;
}

function usualLimit(metric: FileCriterion['metric']): Limit {
  if (metric === 'custom' || metric === 'gpu-utilisation')
    throw new RangeError(`a criterion of ${metric} has ${oneOf(limitNames.both)}`);
  return usualLimits[metric];
}
