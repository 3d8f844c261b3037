import * as z from 'zod';
import { parseBehaviour, type BehaviourPatch } from './behaviour.ts';
import type { StandinOptions } from './server.ts';

/** What the environment asks for. */
export interface Settings {
  readonly options: StandinOptions;
  /** How long a drain waits for running requests, in ms. Default 30000. */
  readonly drainTimeoutMs: number;
}

/** Either the settings or every problem, each naming its variable. */
export type ParsedSettings =
  | { readonly kind: 'ok'; readonly settings: Settings }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

const Environment = z.object({
  HOST: z.string().min(1).default('0.0.0.0'),
  PORT: whole(0, 65_535, 8000),
  ADMIN_PORT: whole(0, 65_535, 8001),
  ARM: z.string().optional(),
  POD_NAME: z.string().optional(),
  MODEL_NAME: z.string().optional(),
  VLLM_VERSION: z.string().optional(),
  SEED: whole(0, 2 ** 32 - 1, 1),
  STARTUP_DELAY_MS: whole(0, 600_000, 0),
  DRAIN_TIMEOUT_MS: whole(0, 3_600_000, 30_000),
  BEHAVIOUR: z.string().default('{}'),
});

/** Reads the environment variables of README.md. An empty one counts as absent. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): ParsedSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    return { kind: 'refused', problems };
  }
  const read = parsed.data;
  const behaviour = readBehaviour(read.BEHAVIOUR, { seed: read.SEED, startupDelayMs: read.STARTUP_DELAY_MS });
  if (behaviour.kind === 'refused') return behaviour;
  const options = {
    host: read.HOST,
    port: read.PORT,
    adminPort: read.ADMIN_PORT,
    behaviour: behaviour.behaviour,
    ...(read.ARM && { arm: read.ARM }),
    ...(read.POD_NAME && { pod: read.POD_NAME }),
    ...(read.MODEL_NAME && { model: read.MODEL_NAME }),
    ...(read.VLLM_VERSION && { version: read.VLLM_VERSION }),
  };
  return { kind: 'ok', settings: { options, drainTimeoutMs: read.DRAIN_TIMEOUT_MS } };
}

function readBehaviour(text: string, base: BehaviourPatch) {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return { kind: 'refused', problems: [`BEHAVIOUR must be JSON: ${String(error)}`] } as const;
  }
  const parsed = parseBehaviour(base, given);
  if (parsed.kind === 'ok') return parsed;
  return { kind: 'refused', problems: parsed.problems.map((problem) => `BEHAVIOUR: ${problem}`) } as const;
}

function whole(low: number, high: number, preset: number) {
  const error = ({ input }: { readonly input?: unknown }) =>
    `must be a whole number from ${low} to ${high}, found ${JSON.stringify(input)}`;
  return z
    .string()
    .refine((text) => /^\d{1,10}$/.test(text) && Number(text) >= low && Number(text) <= high, { error })
    .transform(Number)
    .default(preset);
}
