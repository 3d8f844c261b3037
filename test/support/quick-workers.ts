import path from 'node:path';
import { execa } from 'execa';
import { WorkerProcess } from './worker-process.ts';
import { testAddresses } from './test-platform.ts';

const bundler = path.resolve(import.meta.dirname, '../../src/worker/bundle.ts');

/**
 * What makes worker processes start in a fraction of the CPU time, for tests that start dozens: the workflows are
 * bundled once, and Node.js keeps what it has compiled.
 * @param folder for the files; whoever made it removes it.
 * @returns the environment to start them with.
 */
export async function quickWorkers(folder: string): Promise<NodeJS.ProcessEnv> {
  const { KUBECONFIG, TEMPORAL_ADDRESS } = testAddresses();
  const bundle = path.join(folder, 'workflows.js');
  await execa(process.execPath, [bundler, bundle]);
  const env = {
    ...process.env,
    KUBECONFIG,
    TEMPORAL_ADDRESS,
    SLUICE_WORKFLOW_BUNDLE: bundle,
    NODE_COMPILE_CACHE: path.join(folder, 'compiled'),
  };
  // The cache is written by a process that ends in peace; those of the tests never do.
  const first = new WorkerProcess({ ...env, SLUICE_TASK_QUEUE: 'nobody', SLUICE_SHUTDOWN_GRACE: '1ms' });
  await first.isReady();
  first.kill('SIGTERM');
  await first.exit();
  return env;
}
