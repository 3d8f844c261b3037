import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { ChatMessage } from '../../domain/judge/prompts.ts';
import { redact } from '../../domain/judge/redact.ts';
import { requestIn } from '../../domain/prompts/logged-request.ts';
import { quotas } from '../../domain/prompts/quotas.ts';
import { DistinctTexts } from '../../domain/prompts/resemblance.ts';
import type { Stratum } from '../../domain/prompts/strata.ts';
import { jsonOf, lineAt } from './lines.ts';
import type { LoggedLine, LoggedStratum, RequestLog } from './request-log.ts';

/** A prompt set, and how it came to be. */
export interface MadeSet {
  /** The file's text: JSON lines. */
  readonly text: string;
  readonly prompts: number;
  readonly strata: readonly ChosenStratum[];
  /** Requests that were passed over since one that was chosen is almost the same. */
  readonly alike: number;
  /** Prompts in which something was masked. */
  readonly masked: number;
}

export interface ChosenStratum extends Stratum {
  /** Different requests in the log, and how many of them are in the set. */
  readonly found: number;
  readonly chosen: number;
}

interface Candidate {
  readonly rank: string;
  readonly messages: readonly ChatMessage[];
  readonly masked: boolean;
}

/** A stratum while it is drawn from. */
interface Draw {
  readonly stratum: LoggedStratum;
  /** How many of its lines have been looked at. */
  seen: number;
  readonly chosen: Candidate[];
}

/**
 * Chooses `count` prompts of a log, of each stratum its part, masked, and none almost the same as another. Where a
 * stratum has not enough that differ, the others give more.
 */
export async function makeSet(file: string, { strata }: RequestLog, count: number): Promise<MadeSet> {
  const draws = strata.map((stratum): Draw => ({ stratum, seen: 0, chosen: [] }));
  const distinct = new DistinctTexts();
  let alike = 0;
  const handle = await open(file);
  try {
    for (;;) {
      const missing = count - draws.reduce((sum, it) => sum + it.chosen.length, 0);
      const left = draws.filter((it) => it.seen < it.stratum.lines.length);
      if (missing === 0 || left.length === 0) break;
      const sizes = left.map((it) => it.stratum.lines.length - it.seen);
      for (const [index, quota] of quotas(sizes, missing).entries()) {
        const draw = left[index];
        if (draw !== undefined) alike += await drawFrom(draw, quota, distinct, handle);
      }
    }
  } finally {
    await handle.close();
  }
  const chosen = draws.flatMap(({ stratum, chosen: some }) =>
    some.map((it) => ({ ...it, category: stratum.category })),
  );
  return {
    text: chosen
      .sort((a, b) => (a.rank < b.rank ? -1 : 1))
      .map((it) => `${lineOf(it)}\n`)
      .join(''),
    prompts: chosen.length,
    strata: draws.map(({ stratum, chosen: some }) => {
      const { lines, ...kind } = stratum;
      return { ...kind, found: lines.length, chosen: some.length };
    }),
    alike,
    masked: chosen.filter((it) => it.masked).length,
  };
}

/** @returns how many were passed over */
async function drawFrom(
  draw: Draw,
  quota: number,
  distinct: DistinctTexts,
  handle: FileHandle,
): Promise<number> {
  const wanted = draw.chosen.length + quota;
  let alike = 0;
  while (draw.chosen.length < wanted) {
    const line = draw.stratum.lines[draw.seen];
    if (line === undefined) break;
    draw.seen += 1;
    const candidate = await candidateAt(handle, line);
    // What is the same in all requests of an application would make all of them alike.
    const own = candidate.messages.filter((it) => it.role !== 'system').map((it) => it.content);
    if (distinct.add(own.join('\n'))) draw.chosen.push(candidate);
    else alike += 1;
  }
  return alike;
}

async function candidateAt(handle: FileHandle, { rank, offset, length }: LoggedLine): Promise<Candidate> {
  const request = requestIn(jsonOf(await lineAt(handle, offset, length)));
  if (request.kind === 'unusable') throw new Error(`the file has changed while it was read: ${request.why}`);
  const messages = request.messages.map((it) => ({ ...it, content: redact(it.content) }));
  const masked = messages.some((it, index) => it.content !== request.messages[index]?.content);
  return { rank, messages, masked };
}

/** A line of the set. Its id is made of its text: the same prompt has the same one in the next set. */
function lineOf({ messages, category }: Candidate & { readonly category: string | null }): string {
  const id = createHash('sha256').update(JSON.stringify(messages)).digest('hex').slice(0, 16);
  const [first] = messages;
  const asked = messages.length === 1 && first?.role === 'user' ? { prompt: first.content } : { messages };
  return JSON.stringify({
    id,
    ...(category === null ? {} : { category }),
    ...asked,
  });
}
