import * as z from 'zod';

/** Prometheus writes values as text; `NaN` and infinities become NaN, which no counter is. */
const Value = z
  .string()
  .regex(/^(NaN|[+-]?Inf|[+-]?\d.*)$/)
  .transform(Number);
/** Unix time in seconds, and the value. */
const Sample = z.tuple([z.number(), Value]);
const Labels = z.record(z.string(), z.string());

const Vector = z.object({
  resultType: z.literal('vector'),
  result: z.array(z.object({ metric: Labels, value: Sample })),
});
/** Of an expression that has no series at all: a number, or `scalar(...)`. */
const Scalar = z.object({ resultType: z.literal('scalar'), result: Sample });
const Matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: Labels, values: z.array(Sample) })),
});

/** What `/api/v1/query` answers: https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview */
export const ApiAnswer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [Vector, Scalar, Matrix]),
    warnings: z.array(z.string()).optional(),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);

type Labels = z.output<typeof Labels>;

/** One series of an instant vector. */
export interface Row {
  readonly labels: Readonly<Labels>;
  readonly value: number;
}

/** One series of a range vector, oldest sample first. */
export interface Series {
  readonly labels: Readonly<Labels>;
  readonly samples: readonly (readonly [seconds: number, value: number])[];
}
