import { open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { keptMs, type Sheet, type SheetOrder } from './sheet.ts';

/** A file that only its owner may read. @throws what the file system says */
export async function openFile(folder: string, { name, tidyAtMs }: SheetOrder): Promise<Sheet> {
  if (tidyAtMs !== null) await tidy(folder, tidyAtMs);
  const itself = path.join(folder, name);
  // One that is there would keep the rights that it has, and not every volume lets them be changed: a bucket's does not.
  await rm(itself, { force: true });
  const file = await open(itself, 'wx', 0o600);
  return {
    reference: name,
    append: (line) => file.appendFile(line),
    close: () => file.close(),
  };
}

async function tidy(folder: string, nowMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const kept = keptMs(name);
    if (kept !== null && (await writtenMs(file)) + kept < nowMs) await rm(file, { force: true });
  }
}

/** Of one that is gone already, for another Job tidies at the same time: never. */
async function writtenMs(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Infinity;
    throw error;
  }
}
