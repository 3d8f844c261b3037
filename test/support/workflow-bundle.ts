import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { WorkflowBundle } from '@temporalio/worker';
import { execa } from 'execa';

const bundler = path.resolve(import.meta.dirname, '../../src/worker/bundle.ts');
const variable = 'SLUICE_WORKFLOW_BUNDLE';

/**
 * Bundles the workflows once for all workers of a test run, those in processes of their own too: each would take seconds
 * of two cores for it. Processes keep there what Node.js has compiled for them as well.
 */
export async function bundleForAll(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-workflows-'));
  const file = path.join(folder, 'workflows.js');
  process.env['NODE_COMPILE_CACHE'] = path.join(folder, 'compiled');
  await execa(process.execPath, [bundler, file]);
  process.env[variable] = file;
}

/** Takes away what {@link bundleForAll} made. */
export async function removeBundle(): Promise<void> {
  const file = process.env[variable];
  if (file !== undefined) await rm(path.dirname(file), { recursive: true, force: true });
}

/** What {@link bundleForAll} made. */
export async function workflowBundle(): Promise<WorkflowBundle> {
  const file = process.env[variable];
  if (file === undefined) throw new Error(`${variable} must be set: jest's global setup does so`);
  return { code: await readFile(file, 'utf8') };
}
