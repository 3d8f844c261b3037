/** Runs one stand-in from its environment until SIGTERM or SIGINT. Exit codes: see README.md. */
import { startStandin, type Standin } from './server.ts';
import { readSettings, type Settings } from './settings.ts';
import type { LifecycleEvent } from './lifecycle.ts';

function log(event: LifecycleEvent): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
}

function refuse(problems: readonly string[]): never {
  process.stderr.write(problems.map((problem) => `standin: ${problem}\n`).join(''));
  process.exit(2);
}

async function run({ options, drainTimeoutMs }: Settings): Promise<void> {
  let standin: Standin;
  try {
    standin = await startStandin({ ...options, log });
  } catch (error) {
    process.stderr.write(`standin: cannot start: ${String(error)}\n`);
    process.exit(1);
  }
  const signals = ['SIGTERM', 'SIGINT'] as const;
  const stop = async (): Promise<void> => {
    // From here on a second signal ends the process at once, as by default.
    for (const signal of signals) process.removeAllListeners(signal);
    const { cut } = await standin.drain(drainTimeoutMs);
    log({ event: 'stopped', cut });
    process.exit(cut === 0 ? 0 : 1);
  };
  for (const signal of signals) process.once(signal, () => void stop());
}

const read = readSettings(process.env);
if (read.kind === 'refused') refuse(read.problems);
void run(read.settings);
