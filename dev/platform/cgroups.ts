import { mkdir, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const root = '/sys/fs/cgroup';

/** The cgroup root of every hierarchy: each mounted controller on v1, the one tree on v2. */
async function hierarchies(): Promise<string[]> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  const found = mounts
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2')
    .map(([, folder]) => folder);
  const folders = found.filter((it) => it?.startsWith(root));
  return [...new Set(folders as string[])];
}

/** Makes `/<name>/parts` in every hierarchy: the platform's own processes go there, its pods beside it. */
export async function makeCgroups(name: string): Promise<void> {
  for (const folder of await hierarchies()) {
    const own = path.join(folder, name);
    await mkdir(path.join(own, 'parts'), { recursive: true });
    // A v1 cpuset without CPUs takes no process; a new one is empty.
    await fillCpuset(own, folder);
    await fillCpuset(path.join(own, 'parts'), own);
  }
}

async function fillCpuset(child: string, parent: string): Promise<void> {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const [own, inherited] = await Promise.all([
      readText(path.join(child, file)),
      readText(path.join(parent, file)),
    ]);
    if (own === '' && inherited) await writeFile(path.join(child, file), inherited);
  }
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}

/** Removes `/<name>` and all below it; every process in it must be gone. */
export async function removeCgroups(name: string): Promise<void> {
  for (const folder of await hierarchies()) await removeTree(path.join(folder, name));
}

async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(path.join(folder, entry.name));
  // A cgroup's files go with it; it is busy for a moment after its last process ended.
  await rmdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
}
