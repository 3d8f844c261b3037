import { WorkerProcess } from './worker-process.ts';

/** One worker process at a time, each in the place of the one that died. */
export class WorkerRelay {
  readonly #env: NodeJS.ProcessEnv;
  #now: WorkerProcess;
  /** What the one before wrote. */
  #before = '';

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
    this.#now = new WorkerProcess(env);
  }

  get now(): WorkerProcess {
    return this.#now;
  }

  /** As `kill -9` does, whatever it is doing; resolves when it has ended. Harmless when it has. */
  async kill(): Promise<void> {
    this.#now.kill('SIGKILL');
    await this.#now.exit();
  }

  /** Starts the next one; the one before must have ended. */
  start(): void {
    this.#before = this.#now.output;
    this.#now = new WorkerProcess(this.#env);
  }

  /** The last lines of the one that died last, and of the one that is there, for a test that failed. */
  tail(): string {
    const end = (text: string) => text.split('\n').slice(-5).join('\n');
    return `${end(this.#before)}\n--- and the next one:\n${end(this.#now.output)}`;
  }
}
