import { readFile, readdir } from 'node:fs/promises';
import { execa } from 'execa';

/** What a platform could leave behind on a machine, as sorted lines. */
export interface MachineState {
  readonly mounts: readonly string[];
  readonly namespaces: readonly string[];
  readonly links: readonly string[];
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
  readonly rules: readonly string[];
  readonly iptables: readonly string[];
  readonly cgroups: readonly string[];
  readonly forwarding: readonly string[];
}

/** Reads the machine's state, as it is now. */
export async function readMachine(): Promise<MachineState> {
  return {
    mounts: lines(await readFile('/proc/self/mounts', 'utf8')),
    namespaces: lines(await output('lsns', ['--noheadings', '--output', 'NS,TYPE'])),
    links: lines(await output('ip', ['-brief', 'link'])).map((line) => line.split(' ')[0] ?? ''),
    addresses: lines(await output('ip', ['-brief', 'address'])),
    routes: lines(await output('ip', ['route', 'show', 'table', 'all'])),
    rules: lines(await output('ip', ['rule'])),
    iptables: lines(await output('iptables-save', [])).filter((line) => !line.startsWith('#')),
    cgroups: await topCgroups(),
    forwarding: lines(await readFile('/proc/sys/net/ipv4/ip_forward', 'utf8')),
  };
}

/**
 * What is in one state and not in the other: `+` came, `-` went. Empty when both are equal. Namespaces that went do not
 * count: a platform takes none away, but pods of another one may be on their way out meanwhile.
 */
export function differences(before: MachineState, after: MachineState): string[] {
  return (Object.keys(before) as (keyof MachineState)[]).flatMap((aspect) => {
    const came = after[aspect].filter((line) => !before[aspect].includes(line));
    const went =
      aspect === 'namespaces' ? [] : before[aspect].filter((line) => !after[aspect].includes(line));
    return [...came.map((line) => `+ ${aspect}: ${line}`), ...went.map((line) => `- ${aspect}: ${line}`)];
  });
}

/** Processes that belong to a platform: by their cgroup, or because their command names its state folder. */
export async function processesOf(platform: string, stateFolder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [cgroup, command] = await Promise.all([read(`/proc/${pid}/cgroup`), read(`/proc/${pid}/cmdline`)]);
    if (cgroup.includes(`/${platform}/`) || command.includes(stateFolder)) found.push(`${pid} ${command}`);
  }
  return found;
}

async function topCgroups(): Promise<string[]> {
  const hierarchies = await readdir('/sys/fs/cgroup');
  const children = hierarchies.map(async (name) => {
    const entries = await readdir(`/sys/fs/cgroup/${name}`, { withFileTypes: true }).catch(() => []);
    return [name, ...entries.filter((it) => it.isDirectory()).map((it) => `${name}/${it.name}`)];
  });
  return (await Promise.all(children)).flat().sort();
}

async function output(program: string, args: readonly string[]): Promise<string> {
  return (await execa(program, args)).stdout;
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort();
}
