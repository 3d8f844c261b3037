import type { Rollouts } from './rollouts/rollouts.ts';
import type { Terminal } from './terminal.ts';

/** What every command is given. */
export interface CliContext {
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  /** @throws CliProblem when Temporal does not answer. */
  readonly connect: () => Promise<Rollouts>;
  readonly now: () => number;
}

/** Does something with rollouts, and hangs up whatever comes of it. */
export async function withRollouts<T>(
  { connect }: Pick<CliContext, 'connect'>,
  work: (rollouts: Rollouts) => Promise<T>,
): Promise<T> {
  const rollouts = await connect();
  try {
    return await work(rollouts);
  } finally {
    await rollouts.close();
  }
}
