import type { Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { Probe, type ProbeAnswer } from './probe.ts';
import { whyNotReady } from './readiness.ts';

/** Everything that readiness depends on, and what it is now. */
export class Health {
  /** Known from when it exists. */
  worker: Pick<Worker, 'getStatus'> | null = null;
  readonly #stopping: AbortSignal;
  readonly #logger: Logger;
  readonly #probes = new Map<string, Probe>();

  constructor(stopping: AbortSignal, logger: Logger) {
    this.#stopping = stopping;
    this.#logger = logger;
  }

  /** Asks from now on; the worker is ready only while there is an answer. */
  watch(name: string, ask: () => Promise<unknown>): void {
    const onChange = (answer: ProbeAnswer) => {
      if (answer.kind === 'silent') this.#logger.warn({ why: answer.why }, `${name} does not answer`);
      else this.#logger.info(`${name} answers`);
    };
    this.#probes.set(name, new Probe({ ask, onChange }));
  }

  whyNotReady(): readonly string[] {
    return whyNotReady({
      stopping: this.#stopping.aborted,
      worker: this.worker?.getStatus() ?? null,
      probes: Object.fromEntries([...this.#probes].map(([name, { answer }]) => [name, answer])),
    });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#probes.values()].map((probe) => probe.stop()));
  }
}
