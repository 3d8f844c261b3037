import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { PromptProblem } from '../../domain/judge/prompt-problem.ts';
import { readPrompts, type Prompt } from '../../domain/judge/prompts.ts';
import { redact } from '../../domain/judge/redact.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';

/** What a prompt set is. */
export type CheckedSet =
  | {
      readonly kind: 'ok';
      readonly prompts: number;
      readonly bytes: number;
      /** Of the file's bytes, in hex: as a judge's answer names it. */
      readonly sha256: string;
      /** How many of each, the most first. */
      readonly categories: readonly Counted[];
      readonly checkers: readonly Counted[];
      readonly withReference: number;
      /** Lines in which something looks personal or secret. */
      readonly personal: readonly number[];
    }
  | { readonly kind: 'refused'; readonly problems: readonly PromptProblem[] };

export interface Counted {
  /** Null: prompts that have none. */
  readonly name: string | null;
  readonly prompts: number;
}

/** Reads a prompt set as a judge's Job does. @throws CliProblem when it cannot be read. */
export async function checkSet(file: string): Promise<CheckedSet> {
  // Loaded when it is asked for: a library for JSON Schemas has no part in other verbs.
  const { JsonSchemas } = await import('../../judge/json-schema.ts');
  const bytes = await bytesOf(file);
  const reading = readPrompts(new TextDecoder().decode(bytes));
  if (reading.kind === 'refused') return reading;
  const { prompts } = reading;
  const problems = new JsonSchemas().problemsOf(prompts);
  if (problems.length > 0) return { kind: 'refused', problems };
  return {
    kind: 'ok',
    prompts: prompts.length,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    categories: counted(prompts.map((it) => it.category)),
    checkers: counted(prompts.map((it) => it.checker?.kind ?? null)),
    withReference: prompts.filter((it) => it.reference !== null).length,
    personal: prompts.filter(looksPersonal).map((it) => it.line),
  };
}

async function bytesOf(file: string): Promise<Buffer> {
  const { mostPromptBytes } = await import('../../judge/prompt-set.ts');
  const problem = (found: string, cause?: unknown) =>
    new CliProblem(
      exitCodes.badInput,
      `FILE must be a prompt set of at most ${mostPromptBytes} bytes: ${found}`,
      '',
      cause,
    );
  try {
    const { size } = await stat(file);
    if (size <= mostPromptBytes) return await readFile(file);
    throw problem(`${file} has ${size}`);
  } catch (error) {
    throw error instanceof CliProblem ? error : problem((error as Error).message, error);
  }
}

function looksPersonal({ messages, reference }: Prompt): boolean {
  const texts = [...messages.map((it) => it.content), reference ?? ''];
  return texts.some((it) => redact(it) !== it);
}

function counted(names: readonly (string | null)[]): Counted[] {
  const counts = new Map<string | null, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, prompts]) => ({ name, prompts })).sort((a, b) => b.prompts - a.prompts);
}
