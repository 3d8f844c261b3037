import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { waitFor } from '../../dev/cluster/wait.ts';

const main = path.resolve(import.meta.dirname, '../../src/worker/main.ts');

/** It bundles the workflows first, which a busy machine does slowly. */
const startsWithinMs = 180_000;

/** A worker as Kubernetes runs it: a process with an environment, signals, and three addresses. */
export class WorkerProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #exit: Promise<number | null>;
  #out = '';
  #err = '';

  constructor(env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [main], {
      env: { ...env, SLUICE_HTTP_ADDRESS: '127.0.0.1:0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#out += chunk.toString();
    });
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#err += chunk.toString();
    });
    this.#exit = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  /** Everything that it wrote. */
  get output(): string {
    return this.#out + this.#err;
  }

  /** The log, line by line. */
  get log(): readonly Record<string, unknown>[] {
    const lines = this.#out.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  exit(): Promise<number | null> {
    return this.#exit;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** @throws when it serves nothing within 3 min. */
  async get(address: '/livez' | '/readyz' | '/metrics'): Promise<{ status: number; text: string }> {
    const url = await this.#waitFor('its http server', () => /"url":"([^"]+)"/.exec(this.#out)?.[1]);
    const response = await fetch(`${url}${address}`);
    return { status: response.status, text: await response.text() };
  }

  async isReady(): Promise<void> {
    await this.#waitFor('the worker to be ready', async () => {
      const { status } = await this.get('/readyz');
      return status === 200 ? true : undefined;
    });
  }

  /** Waits until a line of its log has this message. */
  async logged(message: string): Promise<void> {
    await this.#waitFor(`the log to say "${message}"`, () => this.log.find(({ msg }) => msg === message));
  }

  async #waitFor<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    return waitFor(what, () => Promise.resolve(look()), {
      everyMs: 50,
      timeoutMs: startsWithinMs,
      seen: () => this.output,
    });
  }
}
