import path from 'node:path';
import { execa } from 'execa';

const repository = path.resolve(import.meta.dirname, '../..');

/** How a command ended, with everything that it printed. */
export interface Ended {
  readonly exitCode: number | undefined;
  readonly text: string;
}

/** Runs a command of dev/platform, as `make` does: `up`, `down`, `status`, `env`. */
export async function platformCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  /** A program that runs the command, for example in a namespace of its own. */
  wrapper: readonly string[] = [],
): Promise<Ended> {
  const command = [...wrapper, process.execPath, path.join(repository, 'dev/platform/main.ts'), ...args];
  const [program, ...rest] = command as [string, ...string[]];
  // Addresses of a developer's own shell must not decide what is tested.
  const none = { KUBECONFIG: '', TEMPORAL_ADDRESS: '', PROMETHEUS_URL: '' };
  const result = await execa(program, rest, {
    cwd: repository,
    env: { ...none, ...env },
    reject: false,
    all: true,
  });
  return { exitCode: result.exitCode, text: result.all };
}
