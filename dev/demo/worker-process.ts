import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type { Addresses } from '../platform/external.ts';

const repository = path.resolve(import.meta.dirname, '../..');

/** The real worker and the real CLI, as processes with an environment of their own. */
export class SluiceProcesses {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'sluice-demo-'));
  /** What the worker logs. */
  readonly workerLog = path.join(this.folder, 'worker.log');
  readonly #env: Record<string, string>;

  constructor(addresses: Addresses) {
    this.#env = {
      KUBECONFIG: addresses.KUBECONFIG,
      TEMPORAL_ADDRESS: addresses.TEMPORAL_ADDRESS,
      // Beside the queue of a worker that somebody else runs.
      SLUICE_TASK_QUEUE: 'sluice-demo',
      SLUICE_HTTP_ADDRESS: '127.0.0.1:0',
    };
  }

  /** Starts the worker. @returns what ends it. */
  startWorker(): () => Promise<void> {
    const log = openSync(this.workerLog, 'a');
    const worker = spawn(process.execPath, [path.join(repository, 'src/worker/main.ts')], {
      env: { ...process.env, ...this.#env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const ended = once(worker, 'exit');
    return async () => {
      worker.kill('SIGTERM');
      await ended;
    };
  }

  /** Runs a verb of the CLI; throws with what it said when it fails. */
  async sluice(...args: readonly string[]): Promise<string> {
    const cli = path.join(repository, 'src/cli/main.ts');
    return (await execa(process.execPath, [cli, ...args], { env: this.#env, all: true })).all;
  }

  /** Writes a rollout file. @returns its path. */
  write(name: string, text: string): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }
}
