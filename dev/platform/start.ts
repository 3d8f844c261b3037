import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import type { Progress } from '../tools/progress.ts';
import type { Context, ImagePart, ManifestPart, Part, ProcessPart } from './part.ts';
import { containerdSocket } from './parts/node.ts';
import { probeOnce } from './probe.ts';
import { PlatformProblem } from './problem.ts';
import { deathsOf, lastLogLines, logFileOf, serviceState, startService, writeService } from './supervisor.ts';

/** A box that is open, and how to find the tools. */
export interface Running {
  readonly context: Context;
  /** The box's first process, by the machine's process ids. */
  readonly box: number;
  /** PATH for parts and probes. */
  readonly searchPath: string;
}

const healthyWithinMs = 90_000;
const askEveryMs = 150;
/** A part that died this often while it was waited for will not come up by waiting longer. */
const deathsThatAreEnough = 4;

/**
 * Starts one part, or applies its objects, and waits until it is healthy. Harmless when it is already.
 * What it needs must be healthy; {@link writeServices} must have run.
 * @throws PlatformProblem naming the part, with the last lines of its log.
 */
export async function startPart(
  running: Running,
  part: Part,
  changed: boolean,
  progress: Progress,
): Promise<void> {
  switch (part.kind) {
    case 'process':
      await startProcess(running, part, changed);
      break;
    case 'manifests':
      await applyManifests(running, part);
      break;
    case 'images':
      await importImages(running, part, progress);
      break;
  }
  await waitUntilHealthy(running, part, progress);
}

/**
 * Writes the services of all process parts, so that the supervisor knows them.
 * @returns the names of those whose configuration is new.
 */
export async function writeServices(
  context: Context,
  parts: readonly Part[],
  searchPath: string,
): Promise<Set<string>> {
  const changed = new Set<string>();
  for (const part of parts) {
    if (part.kind === 'process' && (await writeService(context, part, searchPath))) changed.add(part.name);
  }
  return changed;
}

async function startProcess({ context }: Running, part: ProcessPart, changed: boolean): Promise<void> {
  const { running } = await serviceState(context, part.name);
  if (!running || changed) await startService(context, part.name, running);
}

async function applyManifests({ context, searchPath }: Running, part: ManifestPart): Promise<void> {
  const files = part.manifests(context).flatMap((file) => ['--filename', file]);
  const args = [
    '--kubeconfig',
    context.paths.adminKubeconfig,
    'apply',
    '--server-side',
    '--force-conflicts',
    ...files,
  ];
  const result = await execa('kubectl', args, { env: { PATH: searchPath }, reject: false });
  if (result.failed) throw new PlatformProblem(`Applying ${part.name} failed`, result.stderr.slice(-2000));
}

async function importImages(
  { context, box, searchPath }: Running,
  part: ImagePart,
  progress: Progress,
): Promise<void> {
  const record = path.join(context.paths.data, part.name, 'imported');
  const wanted = context.images.map((it) => it.archive).join('\n');
  if ((await readFile(record, 'utf8').catch(() => '')) === wanted) return;
  for (const image of context.images) {
    progress(image.name);
    await importImage({ context, box, searchPath }, image);
  }
  await mkdir(path.dirname(record), { recursive: true });
  await writeFile(record, wanted);
}

/**
 * Loads an image into the node, under its name; harmless when it is there.
 * @throws PlatformProblem with what containerd said.
 */
export async function importImage(
  { box, searchPath }: Running,
  { name, archive }: { readonly name: string; readonly archive: string },
): Promise<void> {
  const ctr = ['ctr', '--address', containerdSocket, '--namespace', 'k8s.io', 'images', 'import', archive];
  const result = await execa('nsenter', ['-t', String(box), '-a', '--', ...ctr], {
    env: { PATH: searchPath },
    reject: false,
  });
  if (result.failed) throw new PlatformProblem(`Loading image ${name} failed`, result.stderr);
}

async function waitUntilHealthy(running: Running, part: Part, progress: Progress): Promise<void> {
  const { context, box, searchPath } = running;
  const deathsBefore = await deathsOf(context, part.name);
  const deadline = performance.now() + healthyWithinMs;
  for (;;) {
    const health = await probeOnce(part.health(context), searchPath, box);
    if (health.healthy) return;
    progress(health.seen.slice(0, 100));
    const died = part.kind === 'process' ? (await deathsOf(context, part.name)) - deathsBefore : 0;
    if (died >= deathsThatAreEnough || performance.now() > deadline) {
      const why = died > 0 ? `died ${died} times` : `is not healthy after ${healthyWithinMs / 1000} s`;
      throw await notHealthy(context, part, `${part.name} ${why}: ${health.seen}`);
    }
    await delay(askEveryMs);
  }
}

async function notHealthy(context: Context, part: Part, message: string): Promise<PlatformProblem> {
  if (part.kind !== 'process')
    return new PlatformProblem(message, 'make status tells about the other parts.');
  const log = logFileOf(context, part.name);
  return new PlatformProblem(message, `${log} ends with:\n${await lastLogLines(context, part.name)}`);
}
