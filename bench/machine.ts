import { readFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';

/** What the machine is, for the heading of the results. */
export async function describeMachine(): Promise<string> {
  const cpu = /model name\s*: (.*)/.exec(await readFile('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown processor';
  return `${availableParallelism()} cores of ${cpu}, ${(totalmem() / 1e9).toFixed(0)} GB, Node.js ${process.version}`;
}
