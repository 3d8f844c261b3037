import type { JudgeJobState } from '../../../ports/judge-jobs.ts';
import { Answer, GaveUp } from './answer-schema.ts';

/** Of a longer message Kubernetes keeps the end. */
const mostBytes = 4096;

/** Longest reason of a program that is taken over. */
const longest = 300;

/** Nobody wants to hear of more at once. */
const problemsTold = 3;

export type Read = Extract<JudgeJobState, { kind: 'answered' | 'failed' }>;

/**
 * A termination message as the answer that it is, or why it is none. Texts of it are never quoted, but for the reason
 * that a program gives itself: any image may have written it, and it goes into the history (S12).
 */
export function readAnswer(message: string | undefined): Read {
  if (message === undefined || message.trim() === '')
    return none('it wrote nothing to its termination message');
  const bytes = Buffer.byteLength(message);
  if (bytes > mostBytes)
    return none(`its termination message must have at most ${mostBytes} bytes: it has ${bytes}`);
  const value = parsed(message);
  if (value === undefined)
    return none(
      `its termination message is no JSON (${bytes} bytes${bytes === mostBytes ? ', where Kubernetes cuts it' : ''})`,
    );
  const gaveUp = reasonIn(value);
  if (gaveUp !== null) return gaveUp;
  const { data, error } = Answer.safeParse(value);
  if (data !== undefined) return { kind: 'answered', answer: data };
  const problems = error.issues.map(
    ({ path, message: allowed }) =>
      `${path.join('.') || 'the whole'} must be ${allowed}: found ${describe(path.reduce(step, value))}`,
  );
  return none(`its answer is none: ${problems.slice(0, problemsTold).join('; ')}`);
}

/** Why a program says that it has failed; null when the message says no such thing. */
export function readReason(message: string | undefined): Read | null {
  return message === undefined ? null : reasonIn(parsed(message));
}

function reasonIn(value: unknown): Read | null {
  const { data } = GaveUp.safeParse(value);
  return data === undefined ? null : { kind: 'failed', why: `the judge gave up: ${oneLine(data.failed)}` };
}

function none(why: string): Read {
  return { kind: 'failed', why };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function step(value: unknown, key: PropertyKey): unknown {
  return (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return 'a text';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : 'a map';
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}
