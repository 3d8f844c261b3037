import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';

const main = path.resolve(import.meta.dirname, '../../src/cli/main.ts');

export interface Exit {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line as a person or CI runs it. */
export class CliProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #exit: Promise<Exit>;
  #out = '';
  #err = '';

  constructor(argv: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [main, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#out += chunk.toString();
    });
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#err += chunk.toString();
    });
    this.#exit = once(this.#child, 'close').then(([code]) => ({
      code: code as number | null,
      out: this.#out,
      err: this.#err,
    }));
  }

  exit(): Promise<Exit> {
    return this.#exit;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits until it has printed this. @throws when it ends, or 20 s pass, before. */
  async printed(text: string): Promise<void> {
    const deadline = AbortSignal.timeout(20_000);
    while (!this.#out.includes(text)) {
      const ended = this.#exit.then(() => 'ended' as const);
      const more = once(this.#child.stdout, 'data', { signal: deadline }).then(() => 'more' as const);
      more.catch(() => undefined);
      const first = await Promise.race([ended, more]).catch(() => 'late' as const);
      if (first === 'more' || this.#out.includes(text)) continue;
      throw new Error(`Waited for ${JSON.stringify(text)} (${first}); it printed:\n${this.#out}${this.#err}`);
    }
  }
}
