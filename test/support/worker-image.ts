import { findRunning } from '../../dev/platform/record.ts';
import { importImage } from '../../dev/platform/start.ts';
import { makeWorkerImage } from '../../dev/platform/worker-image.ts';
import { ownCluster, testSettings } from './test-platform.ts';

/** The image of this very working tree, in the test platform's node; in a person's own cluster the one they pushed. */
export async function workerImage(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  if (ownCluster(env)) {
    const { SLUICE_TEST_WORKER_IMAGE: pushed = '' } = env;
    if (!pushed.includes(':'))
      throw new Error(
        'SLUICE_TEST_WORKER_IMAGE must be the image (name:tag) that your cluster can pull, built from docker/worker.Dockerfile',
      );
    return pushed;
  }
  const running = await findRunning(testSettings(env));
  if (running === undefined) throw new Error('the test platform is not up');
  const image = await makeWorkerImage(() => undefined);
  await importImage(running, image);
  return image.name;
}
