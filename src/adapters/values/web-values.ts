import type { JSONValue } from 'json-p3';
import { Agent } from 'undici';
import type { ToldValue } from '../../domain/analysis/measurement.ts';
import type { AddressesPlan } from '../../domain/plan/metrics-plan.ts';
import type { ToldArms, ValueLook, ValueProvider } from '../../ports/values.ts';
import { presentValues } from './present.ts';
import { selectNumber } from './select-number.ts';

export interface WebOptions {
  /** From the call to the whole answer, time spent waiting for others included; a look waits for it. @default 2 s */
  readonly timeoutMs?: number;
  /** An answer that is longer is refused. @default 1 MiB */
  readonly mostBytes?: number;
  /** Requests that one host gets at a time. @default 4 */
  readonly atATime?: number;
}

/** GETs JSON, and reads one number out of it. Redirects are not followed: an address that the plan does not name is never asked. */
export class WebValues implements ValueProvider<AddressesPlan> {
  readonly #timeoutMs: number;
  readonly #mostBytes: number;
  readonly #agent: Agent;

  constructor({ timeoutMs = 2000, mostBytes = 1024 ** 2, atATime = 4 }: WebOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#mostBytes = mostBytes;
    this.#agent = new Agent({ connections: atATime, maxResponseSize: mostBytes });
  }

  read(plan: AddressesPlan, look: ValueLook, signal: AbortSignal): Promise<ReadonlyMap<number, ToldArms>> {
    return presentValues(look, (arm) => this.#ask(plan[arm], plan, signal));
  }

  async #ask(address: string, { path, headers }: AddressesPlan, signal: AbortSignal): Promise<ToldValue> {
    const url = urlOf(address);
    if (url === null) return { failed: 'the address must be http or https, without user and password' };
    const answer = await this.#get(url, headers, signal).catch((error: unknown) => this.#explain(error));
    if (typeof answer === 'string') return { failed: `${url.host}: ${answer}` };
    const told = selectNumber(path, answer.document);
    if ('failed' in told) return { failed: `${url.host}: ${told.failed}` };
    return 'missing' in told ? { missing: `${url.host}: ${told.missing}` } : told;
  }

  /** @returns what is wrong with the answer, or its document. */
  async #get(
    url: URL,
    headers: AddressesPlan['headers'],
    signal: AbortSignal,
  ): Promise<string | { readonly document: JSONValue }> {
    const ended = AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]);
    const { statusCode, body } = await this.#agent.request({
      ...{ origin: url.origin, path: `${url.pathname}${url.search}`, method: 'GET', signal: ended },
      headers: { accept: 'application/json', ...headers },
    });
    const text = await body.text();
    if (statusCode !== 200) return `HTTP ${statusCode}`;
    try {
      return { document: JSON.parse(text) as JSONValue };
    } catch {
      return 'the answer is not JSON';
    }
  }

  /** Messages can quote the address, with what is secret in it: the text is made of their codes alone (S12). */
  #explain(error: unknown): string {
    const { name, code } = error as { readonly name?: string; readonly code?: unknown };
    if (name === 'TimeoutError') return `no answer within ${this.#timeoutMs / 1000} s`;
    if (name === 'AbortError') return 'the question was aborted';
    if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return `the answer is longer than ${this.#mostBytes} bytes`;
    if (code === 'UND_ERR_INVALID_ARG') return 'this address, or one of the headers, cannot be sent';
    return `no connection or a broken one (${typeof code === 'string' ? code : 'no code'})`;
  }
}

/** The plan's rules say the same; a plan may come from elsewhere than a file. */
function urlOf(address: string): URL | null {
  const url = URL.parse(address);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null;
  return url.username === '' && url.password === '' ? url : null;
}
