import { createHash } from 'node:crypto';
import { promptLimits } from '../../domain/judge/prompts.ts';
import { redact } from '../../domain/judge/redact.ts';
import { categoryAt, requestIn } from '../../domain/prompts/logged-request.ts';
import { normalised } from '../../domain/prompts/resemblance.ts';
import { stratumOf, type Stratum } from '../../domain/prompts/strata.ts';
import { jsonOf, linesOf, longestLine } from './lines.ts';

/** A request of a log, small: its text stays in the file. */
export interface LoggedLine {
  /** Who is asked first of a stratum: chance that can be had again, and that the order of the log does not change. */
  readonly rank: string;
  /** Bytes before it, and its own. */
  readonly offset: number;
  readonly length: number;
}

export interface LoggedStratum extends Stratum {
  /** No two of the same text, whatever their spelling; in the order of their ranks. */
  readonly lines: readonly LoggedLine[];
}

/** What is wrong with so many lines. */
export interface Unusable {
  readonly why: string;
  readonly lines: number;
  /** From 1. */
  readonly firstLine: number;
}

/** A log that was read once; about 200 bytes of memory for each request that differs from all others. */
export interface RequestLog {
  /** Lines that say something. */
  readonly lines: number;
  readonly unusable: readonly Unusable[];
  /** Lines that ask what another one before them asks. */
  readonly repeated: number;
  /** Large ones first. */
  readonly strata: readonly LoggedStratum[];
}

export interface LogOptions {
  /** Where a line says its category: `metadata.team`. */
  readonly category: string;
  readonly seed: number;
  /** Is told now and then how many lines have been read. */
  readonly onProgress: (lines: number) => void;
}

const progressEvery = 1000;

/** Reads a whole log, and notes where which kind of request is. */
export async function readRequestLog(
  file: string,
  { category, seed, onProgress }: LogOptions,
): Promise<RequestLog> {
  const unusable = new Map<string, { lines: number; firstLine: number }>();
  const strata = new Map<string, { stratum: Stratum; lines: LoggedLine[] }>();
  const ranks = new Set<string>();
  let [lines, repeated] = [0, 0];
  for await (const { number, offset, bytes } of linesOf(file)) {
    if (number % progressEvery === 0) onProgress(number);
    if (bytes !== null && bytes.toString('latin1').trim() === '') continue;
    lines += 1;
    const line = bytes === null ? undefined : jsonOf(bytes);
    const found = requestOf(bytes, line);
    if (found.kind === 'unusable') {
      const before = unusable.get(found.why);
      if (before === undefined) unusable.set(found.why, { lines: 1, firstLine: number });
      else before.lines += 1;
      continue;
    }
    const text = found.messages.map((it) => `${it.role}:${normalised(it.content)}`).join('\n');
    const rank = createHash('sha256').update(`${seed}\n${text}`).digest('base64').slice(0, 20);
    if (ranks.has(rank)) {
      repeated += 1;
      continue;
    }
    ranks.add(rank);
    const stratum = stratumOf(found.messages, maskedCategory(line, category));
    const key = JSON.stringify(stratum);
    const same = strata.get(key) ?? { stratum, lines: [] };
    same.lines.push({ rank, offset, length: bytes?.length ?? 0 });
    strata.set(key, same);
  }
  return {
    ...{ lines, repeated },
    unusable: [...unusable]
      .map(([why, counted]) => ({ why, ...counted }))
      .sort((a, b) => b.lines - a.lines || a.firstLine - b.firstLine),
    strata: [...strata.entries()]
      .sort(([a, one], [b, other]) => other.lines.length - one.lines.length || (a < b ? -1 : 1))
      .map(([, it]) => ({ ...it.stratum, lines: it.lines.sort((a, b) => (a.rank < b.rank ? -1 : 1)) })),
  };
}

/** It may be a user's name. */
function maskedCategory(line: unknown, field: string): string | null {
  const category = categoryAt(line, field);
  return category === null ? null : redact(category).slice(0, promptLimits.category);
}

function requestOf(bytes: Buffer | null, line: unknown): ReturnType<typeof requestIn> {
  if (bytes === null) return { kind: 'unusable', why: `more than ${longestLine} bytes in one line` };
  if (line === undefined) return { kind: 'unusable', why: 'no JSON' };
  return requestIn(line);
}
