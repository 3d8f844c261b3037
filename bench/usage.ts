import { readFile } from 'node:fs/promises';

/** What a cgroup and all below it used. */
export interface Usage {
  /** Since it was made. */
  readonly cpuSeconds: number;
  /** Now, page cache included. */
  readonly memoryBytes: number;
}

/** Reads what a platform uses, parts and pods, from its cgroup of either version. */
export async function readUsage(name: string): Promise<Usage> {
  const v1Nanoseconds = await read(`/sys/fs/cgroup/cpuacct/${name}/cpuacct.usage`);
  if (v1Nanoseconds !== undefined) {
    const memory = await read(`/sys/fs/cgroup/memory/${name}/memory.usage_in_bytes`);
    return { cpuSeconds: Number(v1Nanoseconds) / 1e9, memoryBytes: Number(memory) };
  }
  const microseconds = /^usage_usec (\d+)$/m.exec((await read(`/sys/fs/cgroup/${name}/cpu.stat`)) ?? '')?.[1];
  const memory = await read(`/sys/fs/cgroup/${name}/memory.current`);
  if (microseconds === undefined || memory === undefined)
    throw new Error(`no cgroup of ${name} that tells its use`);
  return { cpuSeconds: Number(microseconds) / 1e6, memoryBytes: Number(memory) };
}

async function read(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
