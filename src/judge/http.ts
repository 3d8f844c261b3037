import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from 'undici';

/** One request, of which nothing but its address may ever be shown: headers and body are secret or private. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type HttpReply =
  | { readonly kind: 'reply'; readonly status: number; readonly text: string }
  /** @property why a few words, made of error codes alone: messages can quote what was sent (S12) */
  | { readonly kind: 'failed'; readonly why: string };

/** How long and how often an endpoint is tried. */
export interface Patience {
  /** One request, to the last byte of its answer. @default 120 s */
  readonly timeoutMs: number;
  /** Requests at most until one of them is answered. @default 4 */
  readonly attempts: number;
  /** Before the second one; doubled each time. Where the endpoint says Retry-After, that counts. @default 1 s */
  readonly backoffMs: number;
  /** No wait is longer, whatever the endpoint asks for. @default 30 s */
  readonly longestWaitMs: number;
}

export const usualPatience: Patience = {
  timeoutMs: 120_000,
  attempts: 4,
  backoffMs: 1000,
  longestWaitMs: 30_000,
};

/** Too many requests, and what passes by itself. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504, 529]);

interface Attempt {
  readonly reply: HttpReply;
  /** Whether another try may end otherwise. */
  readonly passing: boolean;
  /** As the endpoint asks; null: it does not. */
  readonly waitMs: number | null;
}

/**
 * Sends a request until it is answered, or will never be. Connections that fail and statuses that pass are tried again; a
 * request that took too long is not, for it would take as long once more. Never rejects: an abort is a failure, too.
 */
export async function sendPatiently(
  agent: Agent,
  request: HttpRequest,
  patience: Patience,
  signal: AbortSignal,
): Promise<HttpReply> {
  let waitMs = patience.backoffMs;
  for (let attempt = 1; ; attempt += 1) {
    const tried = await sendOnce(agent, request, patience.timeoutMs, signal);
    if (!tried.passing || attempt >= patience.attempts) return tried.reply;
    const asked = Math.min(tried.waitMs ?? waitMs, patience.longestWaitMs);
    try {
      await sleep(asked, undefined, { signal });
    } catch {
      return tried.reply;
    }
    waitMs *= 2;
  }
}

async function sendOnce(
  agent: Agent,
  { url, ...request }: HttpRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Attempt> {
  const late = AbortSignal.timeout(timeoutMs);
  const { origin, pathname, search } = new URL(url);
  try {
    const { statusCode, headers, body } = await agent.request({
      ...{ origin, path: `${pathname}${search}`, ...request },
      ...{ signal: AbortSignal.any([signal, late]), headersTimeout: 0, bodyTimeout: 0 },
    });
    const reply = { kind: 'reply', status: statusCode, text: await body.text() } as const;
    return { reply, passing: passing.has(statusCode), waitMs: waitAskedFor(headers['retry-after']) };
  } catch (error) {
    if (signal.aborted) return failed('there was no time left for it', false);
    if (late.aborted) return failed(`no answer within ${timeoutMs / 1000} s`, false);
    const { code } = error as { readonly code?: unknown };
    if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return failed('the answer is too long', false);
    if (code === 'UND_ERR_INVALID_ARG') return failed('this address, or a header, cannot be sent', false);
    return failed(`no connection or a broken one (${typeof code === 'string' ? code : 'no code'})`, true);
  }
}

function failed(why: string, passes: boolean): Attempt {
  return { reply: { kind: 'failed', why }, passing: passes, waitMs: null };
}

/** Seconds, as endpoints write it; of a date, which the header may also be, nobody here knows how far it is. */
function waitAskedFor(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1000 : null;
}
