import { z } from 'zod';
import type { JudgeConfig } from '../domain/judge/config.ts';
import { whyNoEndpoint, whyNoStore } from '../domain/plan/rules/judge-addresses.ts';
import { judgeFormats } from '../domain/plan/rules/judge-values.ts';
import type { Format } from '../domain/plan/rules/values.ts';

export type ConfigReading =
  | { readonly kind: 'ok'; readonly config: JudgeConfig }
  /** All of them; at least one. */
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** Node.js's timers end at 24.8 days. */
const longestMs = 480 * 3_600_000;

/** A hundred years, so that its seconds have no more than ten digits. */
const longestKeptMs = 100 * 365 * 24 * 3_600_000;

const address = (whyNone: (text: string) => string | null) =>
  z.string().superRefine((text, context) => {
    const allowed = whyNone(text);
    if (allowed !== null) context.addIssue({ code: 'custom', message: `must be ${allowed}` });
  });
const matching = ({ pattern, text }: Format) => z.string().regex(pattern, { error: `must be ${text}` });
const name = z.string().min(1).max(500);
const whole = (least: number, most: number) => z.int().min(least).max(most);
const share = z.number().min(0).max(1);

const contestant = z.strictObject({
  url: address(whyNoEndpoint),
  model: name.nullable(),
  headers: z.record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/), z.string()),
});

const keepMs = whole(0, longestKeptMs).nullable();
const bucket = z.strictObject({
  endpoint: address(whyNoStore),
  region: matching(judgeFormats.region),
  name: matching(judgeFormats.bucket),
  prefix: matching(judgeFormats.prefix),
});

const shape = z.strictObject({
  version: z.literal(1),
  stable: contestant,
  canary: contestant,
  prompts: z.union(
    [
      z.strictObject({ file: z.string().min(1) }),
      z.strictObject({ url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }) }),
    ],
    { error: 'must have either file or url' },
  ),
  judge: z.strictObject({ url: address(whyNoEndpoint), model: name }).nullable(),
  criteria: z
    .array(z.strictObject({ name, description: z.string().min(1).max(1000) }))
    .min(1)
    .max(20)
    .refine((list) => new Set(list.map((it) => it.name)).size === list.length, {
      error: 'must have names of their own',
    }),
  sampling: z.strictObject({
    temperature: z.number().min(0).max(2),
    seed: whole(0, 2 ** 31 - 1),
    maxTokens: whole(1, 1_000_000),
  }),
  concurrency: whole(1, 256),
  requestsPerSecond: z.number().positive().max(10_000).nullable(),
  noiseShare: share,
  sanityShare: share,
  mostPrompts: whole(1, 1_000_000).nullable(),
  deadlineMs: whole(1000, longestMs),
  transcripts: z
    .union([z.strictObject({ folder: z.string().min(1), keepMs }), z.strictObject({ bucket, keepMs })], {
      error: 'must have either folder or bucket, and keepMs',
    })
    .nullable(),
});

/** Reads the JSON of SLUICE_JUDGE_CONFIG. */
export function readConfig(text: string | undefined): ConfigReading {
  const parsed = shape.safeParse(parse(text ?? ''), { reportInput: true });
  if (parsed.success) return { kind: 'ok', config: parsed.data };
  const problems = parsed.error.issues.flatMap(ofTheMeant).map(({ path, message, input }) => {
    const field = ['SLUICE_JUDGE_CONFIG', ...path].join('.');
    return `${field}: ${message}: found ${found(input)}`;
  });
  return { kind: 'refused', problems };
}

/** Where one of two shapes is allowed: what is wrong with the one whose fields are there. */
function ofTheMeant(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const hasItsFields = (problems: readonly z.core.$ZodIssue[]) =>
    problems.every((it) => it.path.length > 0 && (it.code !== 'invalid_type' || it.input !== undefined));
  const meant = issue.errors.find(hasItsFields);
  return meant?.map((it) => ({ ...it, path: [...issue.path, ...it.path] })) ?? [issue];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Addresses and headers may hold what somebody took for a safe place: texts are not shown. */
function found(input: unknown): string {
  if (input === undefined) return 'nothing';
  if (typeof input === 'string') return 'another text';
  return typeof input === 'number' || typeof input === 'boolean' ? String(input) : 'another value';
}
