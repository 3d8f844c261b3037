import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createServer, type Server } from 'node:net';
import { closeBox, findBox } from './box.ts';
import { pathsOf, type Settings } from './settings.ts';

/**
 * Makes the state folder ready for a start. State that a previous boot of the machine wrote is removed: the
 * databases run without fsync, so after a power cut nobody can say whether they are whole.
 * @returns a sentence about what was removed or cleared, if something was.
 */
export async function prepareState(settings: Settings): Promise<string | undefined> {
  const file = pathsOf(settings).boot;
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const written = (await readFile(file, 'utf8').catch(() => undefined))?.trim();
  let notice: string | undefined;
  if (written !== undefined && written !== boot) {
    await removePlatform(settings);
    notice = 'the machine was restarted since the last start: the platform begins anew';
  } else if (written !== undefined && (await findBox(settings)) === undefined) {
    await closeBox(settings);
    notice = 'the platform was killed: clearing what it left, its data stays';
  }
  await mkdir(settings.stateFolder, { recursive: true, mode: 0o700 });
  await writeFile(file, `${boot}\n`);
  return notice;
}

/** Ends everything of a platform and removes its state. Harmless when there is nothing. */
export async function removePlatform(settings: Settings): Promise<void> {
  await closeBox(settings);
  // The kernel takes the box's mounts away a moment after its last process; until then files are busy.
  for (let attempt = 0; ; attempt += 1) {
    try {
      await rm(settings.stateFolder, { recursive: true, force: true });
      // The folder of all platforms goes with the last one.
      await rmdir(path.dirname(settings.stateFolder)).catch(() => undefined);
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await delay(50);
    }
  }
}

/**
 * Runs `work` while no other process of this machine works on the same platform; waits for its turn.
 * The lock is a socket in Linux' abstract namespace: it ends with the process that holds it, however that ends.
 */
export async function exclusively<T>(
  settings: Settings,
  waiting: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const held = await lock(`\0${settings.name}`, waiting);
  try {
    return await work();
  } finally {
    held.close();
  }
}

/** Keeps a platform for this process until it ends; waits while another one keeps it. It can still work on it. */
export async function keepForThisProcess(settings: Settings, waiting: () => void): Promise<void> {
  const held = await lock(`\0${settings.name}-kept`, waiting);
  held.unref();
}

async function lock(name: string, waiting: () => void): Promise<Server> {
  for (let told = false; ; told = true) {
    const server = createServer();
    const taken = await new Promise<boolean>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') resolve(true);
        else reject(error);
      });
      server.listen(name, () => {
        resolve(false);
      });
    });
    if (!taken) return server;
    if (!told) waiting();
    await delay(200);
  }
}
