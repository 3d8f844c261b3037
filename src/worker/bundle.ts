/** Bundles the workflows ahead of time: `node src/worker/bundle.ts FILE`, as docker/worker.Dockerfile does. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type Logger } from '@temporalio/worker';

/**
 * The code of all workflows in one script, as Temporal's sandbox runs it. Takes a compiler and some seconds of CPU:
 * what an image does once, each of its workers need not.
 */
export async function bundleWorkflows(logger: Logger): Promise<string> {
  const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));
  return (await bundleWorkflowCode({ workflowsPath, logger })).code;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , file] = process.argv;
  if (file === undefined) throw new Error('name the file to write: node src/worker/bundle.ts FILE');
  await writeFile(file, await bundleWorkflows(new DefaultLogger('WARN')));
}
