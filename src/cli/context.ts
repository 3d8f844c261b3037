import type { RestoreCluster } from './restore/cluster.ts';
import type { Rollouts } from './rollouts/rollouts.ts';
import type { Terminal } from './terminal.ts';

/** What every command is given. */
export interface CliContext {
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  /** @throws CliProblem when Temporal does not answer. */
  readonly connect: () => Promise<Rollouts>;
  /**
   * The cluster of KUBECONFIG, for `restore` alone.
   * @param context instead of the kubeconfig's current one.
   * @throws CliProblem when there is no kubeconfig that can be read.
   */
  readonly openCluster: (context: string | undefined) => Promise<RestoreCluster>;
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
