import * as z from 'zod';

/** How many of 1000 requests; fractions are allowed. */
const perThousand = () => numberBetween(0, 1000, 'a number of requests per thousand').default(0);
const milliseconds = (preset: number) =>
  numberBetween(0, 600_000, 'a number of milliseconds').default(preset);

const errors = section({
  http500PerThousand: perThousand(),
  http429PerThousand: perThousand(),
  http400PerThousand: perThousand(),
  streamedPerThousand: perThousand(),
}).refine((it) => total(it) <= 1000, { error: tooManyInAll });

const quality = section({
  wrongPerThousand: perThousand(),
  cutPerThousand: perThousand(),
  repeatedPerThousand: perThousand(),
}).refine((it) => total(it) <= 1000, { error: tooManyInAll });

const latency = (median: number, p99: number) =>
  section({ medianMs: milliseconds(median), p99Ms: milliseconds(p99) }).refine(
    (it) => it.p99Ms >= it.medianMs || it.medianMs === 0,
    {
      path: ['p99Ms'],
      error: ({ input }) => {
        const { medianMs, p99Ms } = input as { medianMs: number; p99Ms: number };
        return `must be at least medianMs (${medianMs}), found ${p99Ms}`;
      },
    },
  );

const answer = section({
  meanTokens: numberBetween(1, 4096, 'a number of tokens').default(16),
  spreadTokens: numberBetween(0, 1365, 'a number of tokens').default(4),
}).refine((it) => it.spreadTokens <= (it.meanTokens - 1) / 3, {
  path: ['spreadTokens'],
  error: ({ input }) => {
    const { meanTokens, spreadTokens } = input as { meanTokens: number; spreadTokens: number };
    return `must be at most (meanTokens - 1) / 3 with meanTokens ${meanTokens}, found ${spreadTokens}`;
  },
});

const capacity = section({
  maxConcurrent: wholeBetween(1, 100_000, 'a whole number of requests').default(256),
  kvCacheTokens: wholeBetween(1, 1e9, 'a whole number of tokens').default(131_072),
});

/** All a stand-in can be told to do; see README.md for the table. */
export const Behaviour = section({
  seed: wholeBetween(0, 2 ** 32 - 1, 'a whole number').default(1),
  ready: z.boolean({ error: (issue) => `must be true or false, found ${show(issue.input)}` }).default(true),
  startupDelayMs: milliseconds(0),
  errors: errors.prefault({}),
  ttft: latency(20, 60).prefault({}),
  interToken: latency(4, 10).prefault({}),
  answer: answer.prefault({}),
  quality: quality.prefault({}),
  capacity: capacity.prefault({}),
});

/** A whole behaviour, every default filled in. */
export type Behaviour = z.output<typeof Behaviour>;

/** What a caller may leave out: everything, at both levels. */
export type BehaviourPatch = {
  [F in keyof Behaviour]?: Behaviour[F] extends object ? Partial<Behaviour[F]> : Behaviour[F];
};

/** Either a valid behaviour or every problem, each naming the field, what was found and what is allowed. */
export type ParsedBehaviour =
  | { readonly kind: 'ok'; readonly behaviour: Behaviour }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** Checks `patch`, laid over `base` field by field. Neither argument is changed. */
export function parseBehaviour(base: BehaviourPatch, patch: unknown): ParsedBehaviour {
  const parsed = Behaviour.safeParse(overlay(base, patch));
  if (parsed.success) return { kind: 'ok', behaviour: parsed.data };
  return {
    kind: 'refused',
    problems: parsed.error.issues.map(
      (issue) => `${['behaviour', ...issue.path].join('.')} ${issue.message}`,
    ),
  };
}

function overlay(base: unknown, patch: unknown): unknown {
  if (!isRecord(base) || !isRecord(patch)) return patch;
  const laid = Object.entries(patch).map(([field, value]) => [
    field,
    field in base ? overlay(base[field], value) : value,
  ]);
  return { ...base, ...Object.fromEntries(laid) };
}

function section<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return `must be an object, found ${show(issue.input)}`;
      const unknown = issue.keys.map((key) => `${key} (found ${show((issue.input as never)[key])})`);
      return `has no field ${unknown.join(', ')}; its fields are ${Object.keys(shape).join(', ')}`;
    },
  });
}

function numberBetween(low: number, high: number, what: string) {
  const error = (issue: { readonly input?: unknown }) =>
    `must be ${what} from ${low} to ${high}, found ${show(issue.input)}`;
  // Aborting: a rule that compares fields is not asked about one that is out of range by itself.
  const bound = { error, abort: true };
  return z.number({ error }).min(low, bound).max(high, bound);
}

function wholeBetween(low: number, high: number, what: string) {
  const error = (issue: { readonly input?: unknown }) =>
    `must be ${what} from ${low} to ${high}, found ${show(issue.input)}`;
  return numberBetween(low, high, what).int({ error, abort: true });
}

function total(shares: Readonly<Record<string, number>>): number {
  return Object.values(shares).reduce((sum, share) => sum + share, 0);
}

function tooManyInAll({ input }: { readonly input?: unknown }): string {
  return `must add up to at most 1000 per thousand, found ${total(input as Record<string, number>)}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
