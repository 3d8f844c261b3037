import { homedir } from 'node:os';
import path from 'node:path';
import { PlatformProblem } from './problem.ts';

/** How many platforms fit beside each other: 198.18.0.0/15 holds 64 blocks of /21. */
const platformCount = 64;

/** Everything about one platform that follows from its number. */
export interface Settings {
  /** 0-63, from SLUICE_PLATFORM; the only thing that tells two platforms on one machine apart. */
  readonly number: number;
  /** `sluice-<number>`: the node, the cgroup and the host's end of the link carry it. */
  readonly name: string;
  /** All of the platform's files but the cache; gone after `make down`. */
  readonly stateFolder: string;
  /** The node's address, on which every part listens. Reachable from this machine only. */
  readonly nodeAddress: string;
  /** The machine's own end of the link to the node. */
  readonly hostAddress: string;
  /** Both ends of the link. */
  readonly linkSubnet: string;
  readonly podSubnet: string;
  /** Link and pods; a block out of the range that RFC 2544 keeps for benchmarks. */
  readonly block: string;
}

/** Services have addresses only inside the platform's own network namespace, so all platforms use the same. */
export const serviceSubnet = '10.96.0.0/16';
export const dnsServiceAddress = '10.96.0.10';

/** Ports of the node that people and programs outside of the platform use. */
export const ports = {
  kubernetes: 6443,
  temporal: 7233,
  temporalUi: 8233,
  gateway: 8080,
  prometheus: 9090,
} as const;

/**
 * Reads SLUICE_PLATFORM (default 0) and SLUICE_STATE (default: the user's state folder).
 * @throws PlatformProblem naming the variable, what was found and what is allowed.
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const given = env['SLUICE_PLATFORM'] ?? '0';
  const number = /^\d{1,2}$/.test(given) ? Number(given) : Number.NaN;
  if (!(number < platformCount)) {
    throw new PlatformProblem(
      `SLUICE_PLATFORM is '${given}'`,
      `It must be a whole number from 0 to ${platformCount - 1}.`,
      2,
    );
  }
  const root =
    env['SLUICE_STATE'] ?? path.join(env['XDG_STATE_HOME'] ?? path.join(homedir(), '.local/state'), 'sluice');
  return settingsOf(number, root);
}

/** The settings of platform `number` with its files under `stateRoot`. */
export function settingsOf(number: number, stateRoot: string): Settings {
  const first = `198.${18 + Math.floor(number / 32)}`;
  const third = (number % 32) * 8;
  return {
    number,
    name: `sluice-${number}`,
    stateFolder: path.join(path.resolve(stateRoot), `platform-${number}`),
    nodeAddress: `${first}.${third}.2`,
    hostAddress: `${first}.${third}.1`,
    linkSubnet: `${first}.${third}.0/24`,
    podSubnet: `${first}.${third + 1}.0/24`,
    block: `${first}.${third}.0/21`,
  };
}

/** The files of a platform that more than one part of the code names. */
export function pathsOf(settings: Settings) {
  const state = (name: string) => path.join(settings.stateFolder, name);
  return {
    /** One folder a part, read by the supervisor. */
    services: state('services'),
    config: state('config'),
    certificates: state('pki'),
    kubeconfigs: state('kubeconfig'),
    logs: state('logs'),
    data: state('data'),
    /** The boot in which the state was written. */
    boot: state('boot-id'),
    /** For people: everything allowed. */
    adminKubeconfig: state('kubeconfig/super-admin.conf'),
    clusterAuthority: state('pki/ca.crt'),
  } as const;
}
