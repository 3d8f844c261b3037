import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** The folder that downloads and builds go to: SLUICE_CACHE, else the user's cache folder. Never inside the clone. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  return env['SLUICE_CACHE'] ?? path.join(env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'sluice');
}

/** Eight hex digits that change when any of the parts changes: the key of what was built from them. */
export function keyOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 8);
}

/** {@link keyOf} over the contents of files. */
export async function keyOfFiles(files: readonly string[], ...more: readonly string[]): Promise<string> {
  const contents = await Promise.all(files.map((file) => readFile(file)));
  return keyOf(...contents, ...more);
}

export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/**
 * Returns `folder`, made by `make` when it is not there yet. It appears whole or not at all: `make` fills a
 * folder beside it that is renamed when done, so that a killed build leaves nothing that looks finished, and
 * two builds at once do not mix (the first to finish wins).
 */
export async function makeOnce(folder: string, make: (part: string) => Promise<void>): Promise<string> {
  if (await exists(folder)) return folder;
  await mkdir(path.dirname(folder), { recursive: true });
  await removeAbandoned(folder);
  const part = await mkdtemp(`${folder}.part-${process.pid}-`);
  try {
    await make(part);
    await rename(part, folder);
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
  return folder;
}

/** Removes what makers left that were killed; each part's name tells its maker. */
async function removeAbandoned(folder: string): Promise<void> {
  const prefix = `${path.basename(folder)}.part-`;
  for (const name of await readdir(path.dirname(folder))) {
    const maker = name.startsWith(prefix) ? parseInt(name.slice(prefix.length)) : Number.NaN;
    if (Number.isNaN(maker) || (await exists(`/proc/${maker}`))) continue;
    await rm(path.join(path.dirname(folder), name), { recursive: true, force: true });
  }
}
