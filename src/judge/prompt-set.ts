import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Agent } from 'undici';
import type { PromptsUsed } from '../domain/judge/answer.ts';
import type { JudgeConfig } from '../domain/judge/config.ts';
import { promptProblemText, type PromptProblem } from '../domain/judge/prompt-problem.ts';
import { readPrompts, type Prompt } from '../domain/judge/prompts.ts';
import { sendPatiently, type Patience } from './http.ts';
import type { JsonSchemas } from './json-schema.ts';

/** A set as it was read, and what the answer says of it. */
export interface PromptSet {
  readonly prompts: readonly Prompt[];
  readonly used: Omit<PromptsUsed, 'count'>;
}

export type PromptSetReading =
  | { readonly kind: 'ok'; readonly set: PromptSet }
  /** Nobody can judge by it. All problems; at least one. */
  | { readonly kind: 'refused'; readonly problems: readonly string[] }
  /** It could not be had now. */
  | { readonly kind: 'failed'; readonly why: string };

/** Longer sets are none: a ConfigMap holds 1 MiB. */
export const mostPromptBytes = 16 * 1024 ** 2;

export interface PromptSetOptions {
  readonly agent: Agent;
  readonly patience: Patience;
  readonly schemas: JsonSchemas;
  /** Whether there is one to judge prompts without a checker. */
  readonly judge: boolean;
}

/** Reads a prompt set from its file or address. */
export async function readPromptSet(
  source: JudgeConfig['prompts'],
  options: PromptSetOptions,
  signal: AbortSignal,
): Promise<PromptSetReading> {
  const bytes = 'file' in source ? await fromFile(source.file) : await fromWeb(source.url, options, signal);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const reading = readPrompts(new TextDecoder().decode(bytes));
  if (reading.kind === 'refused') return refused(reading.problems);
  const { prompts } = reading;
  const problems = [
    ...options.schemas.problemsOf(prompts),
    ...(options.judge ? [] : prompts.flatMap(uncheckedOf)),
  ];
  if (problems.length > 0) return refused(problems);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { kind: 'ok', set: { prompts, used: { name: nameOf(source), sha256 } } };
}

type Unread = Exclude<PromptSetReading, { kind: 'ok' }>;

async function fromFile(file: string): Promise<Uint8Array | Unread> {
  try {
    const { size } = await stat(file);
    return size > mostPromptBytes ? tooLong : await readFile(file);
  } catch (error) {
    const { code = 'no code' } = error as NodeJS.ErrnoException;
    return { kind: 'refused', problems: [`prompts must be a file that can be read: found ${code}`] };
  }
}

async function fromWeb(
  url: string,
  { agent, patience }: PromptSetOptions,
  signal: AbortSignal,
): Promise<Uint8Array | Unread> {
  const headers = { accept: 'application/jsonl, application/x-ndjson, text/plain, */*' };
  const reply = await sendPatiently(agent, { method: 'GET', url, headers }, patience, signal);
  const unread = (why: string): Unread => ({ kind: 'failed', why: `the prompts could not be had: ${why}` });
  if (reply.kind === 'failed') return unread(reply.why);
  if (reply.status !== 200) return unread(`HTTP ${reply.status}`);
  const bytes = new TextEncoder().encode(reply.text);
  return bytes.length > mostPromptBytes ? tooLong : bytes;
}

const tooLong: Unread = {
  kind: 'refused',
  problems: [`prompts must be at most ${mostPromptBytes} bytes long: found more`],
};

function uncheckedOf({ line, checker }: Prompt): readonly PromptProblem[] {
  const allowed = 'set, as there is no judge to ask';
  return checker === null ? [{ line, field: 'checker', found: 'nothing', allowed }] : [];
}

function refused(problems: readonly PromptProblem[]): PromptSetReading {
  return { kind: 'refused', problems: problems.map(promptProblemText) };
}

/** The last part of a path; no query, which may hold a token. */
function nameOf(source: JudgeConfig['prompts']): string {
  const whole = 'file' in source ? source.file : new URL(source.url).pathname;
  return path.posix.basename(whole).slice(0, 200) || 'prompts';
}
