import { open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isTranscriptName, type Sheet, type SheetOrder } from './sheet.ts';

/** A file that only its owner may read. Opening it removes those of earlier runs. @throws what the file system says */
export async function openFile(folder: string, { name, removeBeforeMs }: SheetOrder): Promise<Sheet> {
  await removeOld(folder, removeBeforeMs, name);
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

async function removeOld(folder: string, beforeMs: number, besides: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!isTranscriptName(name) || name === besides) continue;
    const file = path.join(folder, name);
    const { mtimeMs } = await stat(file);
    // Gone already when another Job tidies at the same time.
    if (mtimeMs < beforeMs) await rm(file, { force: true });
  }
}
