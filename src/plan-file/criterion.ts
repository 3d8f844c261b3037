/** The shape of a criterion in a rollout file: a metric, which of its values, and one limit. */
import { z } from 'zod';
import {
  shareNames,
  timeNames,
  tokensNames,
  type ShareName,
  type SizeName,
} from '../domain/metrics/metrics.ts';
import type { Criterion, Limit, Quantile } from '../domain/plan/plan.ts';
import { ranges } from '../domain/plan/rules/values.ts';
import { choice, duration, number, share } from './leaves.ts';

const quantiles = { p50: 0.5, p95: 0.95, p99: 0.99 } as const satisfies Record<string, Quantile>;

const limitNames = ['max', 'maxRatio', 'maxDifference'] as const;
const oneLimit = `one of ${limitNames.join(', ')}`;

const quantile = choice(
  ['p50', 'p95', 'p99'],
  'Which value of many: p99 is larger than 99 % of them.',
).prefault('p99');

/** A criterion's fields, by what its metric is counted in, with those of the gate or guard that it is in. */
export const criterionShapes = {
  share: <Fields extends z.core.$ZodLooseShape>(fields: Fields) =>
    withOneLimit(
      z.strictObject({
        metric: choice(shareNames, 'What is held against the limit.'),
        ...limitsOf((description) => share(ranges.maxShare, description)),
        ...fields,
      }),
      '1%',
    ),
  time: <Fields extends z.core.$ZodLooseShape>(fields: Fields) =>
    withOneLimit(
      z.strictObject({
        metric: choice(timeNames, 'What is held against the limit.'),
        quantile,
        ...limitsOf((description) => duration(ranges.maxSeconds, description).transform((ms) => ms / 1000)),
        ...fields,
      }),
      '1s',
    ),
  tokens: <Fields extends z.core.$ZodLooseShape>(fields: Fields) =>
    withOneLimit(
      z.strictObject({
        metric: choice(tokensNames, 'What is held against the limit.'),
        quantile,
        ...limitsOf((description) => number(ranges.maxTokens, description)),
        ...fields,
      }),
      1,
    ),
};

function limitsOf<Leaf extends z.ZodType>(inUnit: (description: string) => Leaf) {
  return {
    max: inUnit('The canary’s value must stay below this.').optional(),
    maxRatio: number(
      ranges.maxRatio,
      'The canary’s value divided by stable’s must stay below this.',
    ).optional(),
    maxDifference: inUnit('The canary’s value less stable’s must stay below this.').optional(),
  };
}

/** @param standIn a limit that repair.ts puts in the place of a missing one. */
function withOneLimit<Shape extends z.ZodType>(shape: Shape, standIn: string | number): Shape {
  const check = (value: unknown, context: z.RefinementCtx) => {
    if (typeof value !== 'object' || value === null) return;
    const [first, ...more] = limitNames.filter((it) => (value as FileLimits)[it] !== undefined);
    const complain = (name: string, params: object, message: string) => {
      context.addIssue({ code: 'custom', path: [name], message, params });
    };
    if (first === undefined) complain('max', { standIn }, oneLimit);
    for (const name of more) complain(name, { standIn: undefined }, `nothing beside ${first}: ${oneLimit}`);
  };
  // Also beside other problems, so that all of them come in one answer.
  return shape.superRefine(check, { when: () => true });
}

interface FileLimits {
  readonly max?: number | undefined;
  readonly maxRatio?: number | undefined;
  readonly maxDifference?: number | undefined;
}

type FileCriterion = FileLimits &
  ({ readonly metric: ShareName } | { readonly metric: SizeName; readonly quantile: keyof typeof quantiles });

/** The plan's criterion. */
export function toCriterion(file: FileCriterion): Criterion {
  const limit = toLimit(file);
  return 'quantile' in file
    ? { metric: file.metric, quantile: quantiles[file.quantile], ...limit }
    : { metric: file.metric, ...limit };
}

function toLimit({ max, maxRatio, maxDifference }: FileLimits): Limit {
  if (max !== undefined) return { max };
  if (maxRatio !== undefined) return { maxRatio };
  if (maxDifference !== undefined) return { maxDifference };
  throw new RangeError(`a criterion of the file has ${oneLimit}`);
}
