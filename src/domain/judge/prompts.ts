import { type Checker, readChecker } from './read-checker.ts';
import { Findings, isRecord, type PromptProblem } from './prompt-problem.ts';

/** One line of a prompt set: what both arms are asked, and what is known of the right answer. */
export interface Prompt {
  /** Unique in its set. @default the number of its line */
  readonly id: string;
  readonly messages: readonly ChatMessage[];
  /** A right answer, shown to the judge; null: none is known. */
  readonly reference: string | null;
  readonly category: string | null;
  /** Tells right from wrong without a judge; null: the judge is asked. */
  readonly checker: Checker | null;
  /** Where it stands in its file, from 1. */
  readonly line: number;
}

/** As in OpenAI's chat completions, text only. */
export interface ChatMessage {
  readonly role: (typeof roles)[number];
  readonly content: string;
}

const roles = ['system', 'user', 'assistant'] as const;

export type PromptsReading =
  | { readonly kind: 'ok'; readonly prompts: readonly Prompt[] }
  /** All of them; at least one. */
  | { readonly kind: 'refused'; readonly problems: readonly PromptProblem[] };

/** What a set may hold. Texts in characters. */
export const promptLimits = { prompts: 10_000, text: 100_000, messages: 100, id: 128, category: 64 } as const;

const fields = ['id', 'prompt', 'messages', 'reference', 'category', 'checker'] as const;
const aText = `a text of 1 to ${promptLimits.text} characters`;

/** Reads a prompt set: JSON lines, an object each; empty lines count as lines and say nothing. */
export function readPrompts(text: string): PromptsReading {
  const problems: PromptProblem[] = [];
  const prompts: Prompt[] = [];
  const seenAt = new Map<string, number>();
  // A byte order mark is what some editors begin a file with.
  for (const [index, written] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (written.trim() === '') continue;
    const findings = new Findings(index + 1);
    const prompt = readLine(written, findings);
    const before = seenAt.get(prompt.id);
    if (before !== undefined) findings.add('id', prompt.id, `an id of its own: line ${before} has it, too`);
    else seenAt.set(prompt.id, index + 1);
    problems.push(...findings.problems);
    prompts.push(prompt);
  }
  if (prompts.length === 0 || prompts.length > promptLimits.prompts)
    problems.push({
      line: null,
      field: 'prompts',
      found: String(prompts.length),
      allowed: `1 to ${promptLimits.prompts} lines of JSON`,
    });
  return problems.length === 0 ? { kind: 'ok', prompts } : { kind: 'refused', problems };
}

/** What stands in for a refused value is never used: there is a problem then. */
function readLine(written: string, findings: Findings): Prompt {
  const line = parse(written);
  const prompt: Prompt = {
    ...{ id: String(findings.line), messages: [], reference: null, category: null, checker: null },
    line: findings.line,
  };
  if (!isRecord(line)) {
    findings.add('line', line === undefined ? 'no JSON' : line, 'a JSON object');
    return prompt;
  }
  for (const field of Object.keys(line))
    if (!(fields as readonly string[]).includes(field))
      findings.add(field, line[field], `no such field, but ${fields.join(', ')}`);
  const { id, category, reference, checker } = line;
  return {
    ...prompt,
    ...(id === undefined ? {} : { id: readId(id, findings) }),
    messages: readMessages(line, findings),
    reference: optionalText('reference', reference, promptLimits.text, findings),
    category: optionalText('category', category, promptLimits.category, findings),
    checker: checker === undefined || checker === null ? null : readChecker(checker, findings),
  };
}

function parse(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

/** Whole numbers are ids as well: many sets have been counted through. */
function readId(id: unknown, findings: Findings): string {
  if (typeof id === 'number' && Number.isSafeInteger(id)) return String(id);
  if (isText(id, promptLimits.id)) return id;
  findings.add('id', id, `a text of 1 to ${promptLimits.id} characters, or a whole number`);
  return `line ${findings.line}`;
}

function readMessages(line: Readonly<Record<string, unknown>>, findings: Findings): ChatMessage[] {
  const { prompt, messages } = line;
  if (prompt !== undefined && messages !== undefined) {
    findings.add('messages', messages, 'nothing beside prompt');
    return [];
  }
  if (messages === undefined) {
    if (isText(prompt, promptLimits.text)) return [{ role: 'user', content: prompt }];
    findings.add('prompt', prompt, `${aText}, or messages in its place`);
    return [];
  }
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > promptLimits.messages) {
    findings.add('messages', messages, `a list of 1 to ${promptLimits.messages}`);
    return [];
  }
  const read = messages.map((it: unknown, index) => readMessage(it, `messages.${index}`, findings));
  if (read.at(-1)?.role !== 'user')
    findings.add(`messages.${read.length - 1}.role`, read.at(-1)?.role, 'user, in the last message');
  return read;
}

function readMessage(message: unknown, field: string, findings: Findings): ChatMessage {
  const { role, content } = isRecord(message) ? message : {};
  const known = roles.find((it) => it === role);
  if (known === undefined) findings.add(`${field}.role`, role, roles.join(', '));
  if (!isText(content, promptLimits.text)) findings.add(`${field}.content`, content, aText);
  return { role: known ?? 'user', content: typeof content === 'string' ? content : '' };
}

function optionalText(field: string, value: unknown, longest: number, findings: Findings): string | null {
  if (value === undefined || value === null) return null;
  if (isText(value, longest)) return value;
  findings.add(field, value, `a text of 1 to ${longest} characters`);
  return null;
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= longest;
}
