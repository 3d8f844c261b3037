import * as z from 'zod';

/** How many of 1000 judgements; fractions are allowed. */
const perThousand = (preset: number) =>
  between(0, 1000, 'a number of judgements per thousand').default(preset);

/** All a stand-in judge can be told to do; see README.md for the table. */
const Behaviour = z.strictObject(
  {
    seed: whole(0, 2 ** 32 - 1, 'a whole number').default(1),
    accuracyPerThousand: perThousand(1000),
    firstBiasPerThousand: perThousand(0),
    alwaysTie: flag().default(false),
    garbagePerThousand: perThousand(0),
    refusePerThousand: perThousand(0),
    status: whole(400, 599, 'an HTTP status').nullable().default(null),
    latencyMs: between(0, 600_000, 'a number of milliseconds').default(0),
    takesResponseFormat: flag().default(true),
    apiKey: z
      .string({ error: (issue) => `must be a text or null, found ${show(issue.input)}` })
      .nullable()
      .default(null),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has no field ${issue.keys.join(', ')}`
        : `must be an object, found ${show(issue.input)}`,
  },
);

/** A whole behaviour, every default filled in. */
export type Behaviour = z.output<typeof Behaviour>;
export type BehaviourPatch = Partial<Behaviour>;

/** Either a valid behaviour or every problem, each naming the field, what was found and what is allowed. */
export type ParsedBehaviour =
  | { readonly kind: 'ok'; readonly behaviour: Behaviour }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** Checks `patch`, laid over `base`. Neither argument is changed. */
export function parseBehaviour(base: BehaviourPatch, patch: unknown): ParsedBehaviour {
  const laid =
    typeof patch === 'object' && patch !== null && !Array.isArray(patch) ? { ...base, ...patch } : patch;
  const parsed = Behaviour.safeParse(laid);
  if (parsed.success) return { kind: 'ok', behaviour: parsed.data };
  const problems = parsed.error.issues.map((it) => `${['behaviour', ...it.path].join('.')} ${it.message}`);
  return { kind: 'refused', problems };
}

function flag() {
  return z.boolean({ error: (issue) => `must be true or false, found ${show(issue.input)}` });
}

function between(low: number, high: number, what: string) {
  const error = (issue: { readonly input?: unknown }) =>
    `must be ${what} from ${low} to ${high}, found ${show(issue.input)}`;
  return z.number({ error }).min(low, { error }).max(high, { error });
}

function whole(low: number, high: number, what: string) {
  const error = (issue: { readonly input?: unknown }) =>
    `must be ${what} from ${low} to ${high}, found ${show(issue.input)}`;
  return between(low, high, what).int({ error });
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
