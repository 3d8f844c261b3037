import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { cacheRoot, exists } from '../tools/cache.ts';
import { requireFreeSubnet } from './network.ts';
import { PlatformProblem } from './problem.ts';
import type { Settings } from './settings.ts';

/** Free disk that a first start needs: modules, compiled packages, binaries and images. */
const coldDiskBytes = 15e9;
/** Free disk that a start with everything in the cache needs: unpacked images and databases. */
const warmDiskBytes = 2e9;

/** What the checks ask of the process they run in. */
export interface Machine {
  readonly platform: string;
  readonly userId: number | undefined;
}

const thisMachine: Machine = { platform: process.platform, userId: process.getuid?.() };

/**
 * Makes sure that this machine can run the embedded platform; changes nothing.
 * @throws PlatformProblem that names what is missing and says what to do (exit code 2).
 */
export async function requireFitMachine(settings: Settings, machine: Machine = thisMachine): Promise<void> {
  if (machine.platform !== 'linux') {
    throw new PlatformProblem(
      `The embedded platform needs Linux, this is ${machine.platform}`,
      'Use a Linux machine, or your own cluster: set KUBECONFIG, TEMPORAL_ADDRESS and PROMETHEUS_URL.',
      2,
    );
  }
  if (machine.userId !== 0) {
    throw new PlatformProblem(
      'The embedded platform needs root: it makes namespaces and cgroups',
      'Run the same command as root (sudo -E make up), or use your own cluster: set KUBECONFIG, TEMPORAL_ADDRESS and PROMETHEUS_URL.',
      2,
    );
  }
  if (!(await exists('/sys/fs/cgroup/cgroup.procs')) && !(await exists('/sys/fs/cgroup/memory'))) {
    throw new PlatformProblem(
      'No cgroups are mounted at /sys/fs/cgroup',
      'Mount them; pods cannot run without.',
      2,
    );
  }
  const warm = await exists(`${cacheRoot()}/tools`);
  await requireDisk(cacheRoot(), warm ? warmDiskBytes : coldDiskBytes);
  await requireDisk(settings.stateFolder, warmDiskBytes);
  await requireFreeSubnet(settings);
}

async function requireDisk(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(await nearestExisting(folder));
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  throw new PlatformProblem(
    `${folder} has ${gigabytes(free)} GB free, ${gigabytes(neededBytes)} GB are needed`,
    'Make room, or choose another disk with SLUICE_CACHE (downloads and builds) and SLUICE_STATE (data).',
    2,
  );
}

/** Where the folder will be; a refusal must not leave it behind. */
async function nearestExisting(folder: string): Promise<string> {
  return (await exists(folder)) ? folder : nearestExisting(path.dirname(folder));
}
