import { execa } from 'execa';
import { PlatformProblem } from './problem.ts';
import type { Settings } from './settings.ts';

interface AddressEntry {
  readonly ifname: string;
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
}

/**
 * Makes sure that nothing else on this machine uses the platform's addresses.
 * @throws PlatformProblem naming the interface and its address.
 */
export async function requireFreeSubnet(settings: Settings): Promise<void> {
  const { stdout } = await execa('ip', ['-json', 'address', 'show']);
  const entries = JSON.parse(stdout) as AddressEntry[];
  const other = findOverlap(entries, settings);
  if (other) {
    throw new PlatformProblem(
      `${settings.block}, the addresses of platform ${settings.number}, are in use: ${other}`,
      'Choose another platform: SLUICE_PLATFORM=1 make up (0 to 63).',
      2,
    );
  }
}

/** An interface other than the platform's own with an IPv4 address that overlaps the platform's block. */
export function findOverlap(entries: readonly AddressEntry[], settings: Settings): string | undefined {
  for (const entry of entries) {
    if (entry.ifname === settings.name) continue;
    for (const { local, prefixlen } of entry.addr_info) {
      if (overlaps(`${local}/${prefixlen}`, settings.block))
        return `${entry.ifname} has ${local}/${prefixlen}`;
    }
  }
  return undefined;
}

/** Whether two IPv4 blocks in CIDR notation share an address; false for IPv6. */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [parseBlock(one), parseBlock(other)];
  if (!a || !b) return false;
  const size = 2 ** (32 - Math.min(a.prefix, b.prefix));
  return Math.floor(a.address / size) === Math.floor(b.address / size);
}

function parseBlock(block: string): { address: number; prefix: number } | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(block);
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  return { address: ((a * 256 + b) * 256 + c) * 256 + d, prefix };
}

/** Links the machine to the namespaces of process `pid`: one veth pair, and a route to the pods. */
export async function connectToHost(settings: Settings, pid: number): Promise<void> {
  const { name, hostAddress, nodeAddress, podSubnet } = settings;
  await disconnectFromHost(settings);
  await ip(['link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid)]);
  await ip(['address', 'add', `${hostAddress}/24`, 'dev', name]);
  await ip(['link', 'set', name, 'up']);
  const inside = ['-t', String(pid), '-n', 'ip'];
  for (const args of [
    ['address', 'add', `${nodeAddress}/24`, 'dev', 'eth0'],
    ['link', 'set', 'eth0', 'up'],
    ['route', 'add', 'default', 'via', hostAddress],
  ]) {
    await execa('nsenter', [...inside, ...args]);
  }
  await ip(['route', 'add', podSubnet, 'via', nodeAddress, 'dev', name]);
}

/** Removes the host's end of the link, and with it the other end and the route. Harmless when there is none. */
export async function disconnectFromHost(settings: Settings): Promise<void> {
  await execa('ip', ['link', 'delete', settings.name], { reject: false });
}

async function ip(args: readonly string[]): Promise<void> {
  await execa('ip', args);
}
