import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findBox } from './box.ts';
import type { Context } from './part.ts';
import { pathsOf, type Settings } from './settings.ts';
import type { Running } from './start.ts';

const fileOf = (settings: Settings) => path.join(settings.stateFolder, 'record.json');

/** Notes with which tools a platform was started, so that the other commands speak of what runs. */
export async function writeRecord(context: Context, searchPath: string): Promise<void> {
  const { toolbox, images } = context;
  await writeFile(fileOf(context.settings), JSON.stringify({ toolbox, images, searchPath }, undefined, 2));
}

/** The platform that runs, or undefined when it is not up. */
export async function findRunning(settings: Settings): Promise<Running | undefined> {
  const box = await findBox(settings);
  const text = await readFile(fileOf(settings), 'utf8').catch(() => undefined);
  if (box === undefined || text === undefined) return undefined;
  const { toolbox, images, searchPath } = JSON.parse(text) as Pick<Context, 'toolbox' | 'images'> & {
    searchPath: string;
  };
  return { context: { settings, paths: pathsOf(settings), toolbox, images }, box, searchPath };
}
