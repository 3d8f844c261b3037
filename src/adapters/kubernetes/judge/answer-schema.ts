import * as z from 'zod';
import type { JudgeAnswer } from '../../../domain/judge/answer.ts';

/**
 * What a value must be, to complete "... must be"; what depends on a value that is not so is not looked at.
 */
const must = (be: string) => ({ error: be, abort: true });

/** Room for rounding in what programs compute of many numbers. */
const rounding = 1e-9;

const Count = between(0, Infinity, 'a whole number of at least 0').int(must('a whole number of at least 0'));
const Amount = between(0, Infinity, 'a number of at least 0');
const Share = between(0, 1, 'a number from 0 to 1');
const Text = z
  .string(must('a text of at most 300 characters'))
  .max(300, must('a text of at most 300 characters'));
const Sha256 = z.string(must('64 hex digits')).regex(/^[0-9a-f]{64}$/i, must('64 hex digits'));
const map = <T extends z.ZodRawShape>(shape: T) => z.object(shape, must('a map'));

/** The variance is of numbers from 0 to 1, two of them at least. */
const Moments = map({ mean: Share, variance: between(0, 0.5, 'a number from 0 to 0.5') });

const PairedScores = map({
  count: Count,
  stable: Moments,
  canary: Moments,
  covariance: z.number(must('a number')),
})
  .refine(({ count }) => count > 0, { ...must('at least 1, or scores left out'), path: ['count'] })
  .refine(
    ({ stable, canary, covariance }) => covariance ** 2 <= stable.variance * canary.variance + rounding,
    {
      ...must('at most the root of both variances’ product'),
      path: ['covariance'],
    },
  );

const PairedMeasurement = map({
  wins: Count,
  losses: Count,
  ties: Count,
  scores: PairedScores.exactOptional(),
}).refine(({ wins, losses, ties, scores }) => scores === undefined || scores.count <= wins + losses + ties, {
  ...must('at most wins, losses and ties together'),
  path: ['scores', 'count'],
});

const SanityCount = map({ asked: Count, right: Count }).refine(({ asked, right }) => right <= asked, {
  ...must('at most asked'),
  path: ['right'],
});

const JudgeTrust = map({
  asked: Count,
  lost: map({ stable: Count, canary: Count, judge: Count }),
  identical: SanityCount,
  spoilt: SanityCount,
  order: map({ decided: Count, first: Count }).refine(({ decided, first }) => first <= decided, {
    ...must('at most decided'),
    path: ['first'],
  }),
  sameFamily: z.boolean(must('true or false')),
}).refine(({ asked, lost }) => lost.stable + lost.canary + lost.judge <= asked, {
  ...must('at most asked, together'),
  path: ['lost'],
});

const TokenCount = map({ input: Count, output: Count });

/** What a judge's program says in the end; fields that are not known are left out of what is read. */
export const Answer: z.ZodType<JudgeAnswer> = map({
  version: z.literal(1, must('1')),
  pairs: PairedMeasurement,
  noise: PairedMeasurement.exactOptional(),
  trust: JudgeTrust.exactOptional(),
  prompts: map({ name: Text, sha256: Sha256, count: Count }).exactOptional(),
  judge: map({ model: Text, promptSha256: Sha256 }).exactOptional(),
  lengths: map({ stable: Amount, canary: Amount, controlledWinRate: Share.nullable() }).exactOptional(),
  tokens: map({ judge: TokenCount, stable: TokenCount, canary: TokenCount }).exactOptional(),
  transcripts: Text.exactOptional(),
  transcriptsProblem: Text.exactOptional(),
});

/** What it says instead when it could not judge. */
export const GaveUp = z.object({ version: z.literal(1), failed: z.string() });

function between(least: number, most: number, be: string) {
  return z.number(must(be)).min(least, must(be)).max(most, must(be));
}
