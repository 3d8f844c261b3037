import { Command } from 'commander';

const help = `
Examples:
  sluice worker
  SLUICE_TASK_QUEUE=blue SLUICE_LOG_LEVEL=debug sluice worker

Settings come from the environment: TEMPORAL_* as for all verbs, KUBECONFIG (in a pod its service account), SLUICE_*.
docs/worker.md tells them, docs/install.md how to run it in a cluster. SIGTERM ends it; exit code 2: wrong settings.`;

export function workerCommand(): Command {
  return new Command('worker')
    .description('Carry out rollouts: the process that runs in the cluster')
    .addHelpText('after', help)
    .action(async () => {
      // Loaded when it is asked for: it brings all of Temporal's SDK along. It runs as the module is loaded, and ends
      // the process itself.
      await import('../../worker/main.ts');
    });
}
