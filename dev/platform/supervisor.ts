import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { Context, ProcessPart } from './part.ts';

/**
 * The parts run under s6 (https://skarnet.org/software/s6/): a folder a part with a `run` script; s6 restarts what
 * dies, keeps a rotated log a part, and tells whether it runs. Order and health are decided in start.ts.
 */

/** Bytes after which a part's log is rotated; s6-log keeps the current file and three old ones. */
const logBytes = 10_000_000;

/** Where a part's log is: `current` is the file being written. */
export function logFileOf(context: Context, part: string): string {
  return path.join(context.paths.logs, part, 'current');
}

/**
 * Writes a part's configuration and run script.
 * @returns whether anything is different from what was there.
 */
export async function writeService(
  context: Context,
  part: ProcessPart,
  searchPath: string,
): Promise<boolean> {
  const folder = path.join(context.paths.services, part.name);
  await mkdir(path.join(folder, 'log'), { recursive: true });
  await mkdir(path.join(context.paths.logs, part.name), { recursive: true });
  await mkdir(path.join(context.paths.data, part.name), { recursive: true });
  const config = Object.entries(part.files?.(context) ?? {});
  const changes = await Promise.all([
    ...config.map(([name, content]) => writeIfChanged(path.join(context.paths.config, name), content)),
    writeIfChanged(path.join(folder, 'run'), runScript(part.command(context), searchPath), 0o755),
    writeIfChanged(
      path.join(folder, 'log', 'run'),
      logScript(path.dirname(logFileOf(context, part.name))),
      0o755,
    ),
    // Without `down` the supervisor would start it by itself, before what it needs.
    writeIfChanged(path.join(folder, 'down'), ''),
  ]);
  return changes.includes(true);
}

function runScript(command: readonly string[], searchPath: string): string {
  const environment = ['env', '-i', `PATH=${searchPath}`, 'HOME=/root'];
  return `#!/bin/sh\nexec 2>&1\nexec ${[...environment, ...command].map(quote).join(' \\\n  ')}\n`;
}

function logScript(folder: string): string {
  return `#!/bin/sh\nexec s6-log n3 s${logBytes} T ${quote(folder)}\n`;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

async function writeIfChanged(file: string, content: string, mode = 0o644): Promise<boolean> {
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before === content) return false;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  await chmod(file, mode);
  return true;
}

/** Tells the supervisor about new service folders. */
export async function rescan(context: Context): Promise<void> {
  await execa('s6-svscanctl', ['-a', context.paths.services]);
}

/** Starts a part and keeps it running; `restart` ends a running one first. */
export async function startService(context: Context, part: string, restart = false): Promise<void> {
  await execa('s6-svc', [restart ? '-ru' : '-u', path.join(context.paths.services, part)]);
}

export interface ServiceState {
  readonly running: boolean;
  /** The process id inside the box. */
  readonly pid: number | undefined;
}

/** Whether a part's process runs; false also for a part the supervisor does not know. */
export async function serviceState(context: Context, part: string): Promise<ServiceState> {
  const folder = path.join(context.paths.services, part);
  const { stdout, failed } = await execa('s6-svstat', ['-o', 'up,pid', folder], { reject: false });
  const [up, pid] = stdout.split(' ');
  const running = !failed && up === 'true';
  return { running, pid: running ? Number(pid) : undefined };
}

/** How often a part died since the supervisor started, up to the ~100 that it remembers. */
export async function deathsOf(context: Context, part: string): Promise<number> {
  const { stdout } = await execa('s6-svdt', [path.join(context.paths.services, part)], { reject: false });
  return stdout === '' ? 0 : stdout.split('\n').length;
}

/** The last lines of a part's log, without s6-log's time stamps when it died at once. */
export async function lastLogLines(context: Context, part: string, lines = 15): Promise<string> {
  const text = await readFile(logFileOf(context, part), 'utf8').catch(() => '(no log)');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
