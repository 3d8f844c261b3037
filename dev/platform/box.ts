import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeCgroups, removeCgroups } from './cgroups.ts';
import { connectToHost, disconnectFromHost } from './network.ts';
import { PlatformProblem } from './problem.ts';
import { dnsServiceAddress, pathsOf, type Settings } from './settings.ts';

/**
 * The box holds all parts of a platform: one process with namespaces of its own (process ids, network, mounts,
 * host name), as a container has them. So ports and iptables chains never meet the machine's, two platforms never
 * meet each other, and ending that one process ends every part, pod, mount and namespace, however they were left.
 */

/** The machine's process id of the box's first process, the supervisor; undefined when there is no box. */
export async function findBox(settings: Settings): Promise<number | undefined> {
  const wanted = ['s6-svscan', pathsOf(settings).services, ''].join('\0');
  for (const pid of await processIds()) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command === wanted) return pid;
  }
  return undefined;
}

/** All processes in the box, the pods' included, by the machine's process ids: whatever the supervisor adopted. */
export async function processesInBox(box: number): Promise<number[]> {
  const members: number[] = [];
  for (const pid of await processIds()) if (await hasAncestor(pid, box)) members.push(pid);
  return members;
}

async function hasAncestor(pid: number, ancestor: number): Promise<boolean> {
  for (let current = pid; current > 1;) {
    if (current === ancestor) return true;
    const status = await readFile(`/proc/${current}/status`, 'utf8').catch(() => '');
    current = Number(/^PPid:\t(\d+)$/m.exec(status)?.[1] ?? 0);
  }
  return false;
}

async function processIds(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

/**
 * Opens the box: namespaces, cgroups, the link to the machine, and the supervisor with nothing started yet.
 * @returns its process id.
 */
export async function openBox(settings: Settings): Promise<number> {
  const paths = pathsOf(settings);
  await mkdir(paths.services, { recursive: true });
  await mkdir(paths.logs, { recursive: true });
  await makeCgroups(settings.name);
  const log = openSync(path.join(paths.logs, 'box.log'), 'a');
  const namespaces = [
    '--pid',
    '--fork',
    '--mount-proc',
    '--net',
    '--mount',
    '--propagation',
    'private',
    '--uts',
    '--ipc',
  ];
  const init = path.join(import.meta.dirname, 'box-init.sh');
  const args = [settings.name, paths.services, settings.nodeAddress, dnsServiceAddress];
  const child = spawn('unshare', [...namespaces, init, ...args], {
    // A session of its own: Ctrl-C in the terminal that ran `make up` must not reach the platform.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  const box = await waitForBox(settings, () => child.exitCode !== null);
  await connectToHost(settings, box);
  return box;
}

async function waitForBox(settings: Settings, gaveUp: () => boolean): Promise<number> {
  for (let attempt = 0; attempt < 200 && !gaveUp(); attempt += 1) {
    const box = await findBox(settings);
    if (box !== undefined) return box;
    await delay(25);
  }
  const log = path.join(pathsOf(settings).logs, 'box.log');
  const said = await readFile(log, 'utf8').catch(() => '');
  throw new PlatformProblem(
    'The namespaces of the platform could not be made',
    `${said.slice(-1000)}\n(log: ${log})`,
  );
}

/**
 * Closes the box and removes what the kernel does not remove by itself (cgroups, the machine's end of the link).
 * Harmless when it is closed already; also clears what a killed box left.
 */
export async function closeBox(settings: Settings): Promise<void> {
  const box = await findBox(settings);
  if (box !== undefined) {
    const members = await processesInBox(box);
    process.kill(box, 'SIGKILL');
    await waitUntilGone([box, ...members]);
  }
  await disconnectFromHost(settings);
  await removeCgroupsWhenEmpty(settings);
}

async function waitUntilGone(pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    for (let attempt = 0; attempt < 400 && (await isAlive(pid)); attempt += 1) await delay(25);
    if (await isAlive(pid))
      throw new PlatformProblem(`Process ${pid} does not end`, `ps -o pid,stat,wchan,args ${pid}`);
  }
}

async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return status !== '' && !/^State:\t[ZX]/m.test(status);
}

async function removeCgroupsWhenEmpty(settings: Settings): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await removeCgroups(settings.name);
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await delay(50);
    }
  }
}
