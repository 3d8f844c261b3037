import { PlatformProblem } from './problem.ts';
import { pathsOf, ports, type Settings } from './settings.ts';

/** What a person sets to use a cluster of their own instead of the embedded platform: all of them, or none. */
const required = ['KUBECONFIG', 'TEMPORAL_ADDRESS', 'PROMETHEUS_URL'] as const;

/** Addresses of a platform, embedded or a person's own. */
export interface Addresses {
  readonly KUBECONFIG: string;
  readonly TEMPORAL_ADDRESS: string;
  readonly TEMPORAL_UI_URL?: string;
  readonly PROMETHEUS_URL: string;
  readonly GATEWAY_URL?: string;
}

/** The addresses of an embedded platform; they follow from its number. */
export function embeddedAddresses(settings: Settings): Addresses {
  const { nodeAddress } = settings;
  return {
    KUBECONFIG: pathsOf(settings).adminKubeconfig,
    TEMPORAL_ADDRESS: `${nodeAddress}:${ports.temporal}`,
    TEMPORAL_UI_URL: `http://${nodeAddress}:${ports.temporalUi}`,
    PROMETHEUS_URL: `http://${nodeAddress}:${ports.prometheus}`,
    GATEWAY_URL: `http://${nodeAddress}:${ports.gateway}`,
  };
}

/**
 * The person's own cluster, if the environment names one. Addresses of the embedded platform itself, as
 * `make env` prints them, do not count.
 * @throws PlatformProblem when only some of the three variables are set: half of somebody's cluster with half of
 * ours would roll out here and measure there.
 */
export function externalAddresses(env: NodeJS.ProcessEnv, settings: Settings): Addresses | undefined {
  const own = embeddedAddresses(settings);
  const isSet = (name: (typeof required)[number]) => (env[name] ?? '') !== '' && env[name] !== own[name];
  const set = required.filter(isSet);
  if (set.length === 0) return undefined;
  const [KUBECONFIG, TEMPORAL_ADDRESS, PROMETHEUS_URL] = required.map((name) => env[name] ?? '') as [
    string,
    string,
    string,
  ];
  const missing = required.filter((name) => !set.includes(name));
  if (missing.length > 0) {
    throw new PlatformProblem(
      `${set.join(' and ')} ${set.length > 1 ? 'are' : 'is'} set, ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not`,
      `To use your own cluster set all of ${required.join(', ')}; to use the embedded platform unset them: env -u ${set.join(' -u ')} make ...`,
      2,
    );
  }
  const optional = Object.fromEntries(
    (['TEMPORAL_UI_URL', 'GATEWAY_URL'] as const)
      .filter((name) => env[name])
      .map((name) => [name, env[name]]),
  );
  return { KUBECONFIG, TEMPORAL_ADDRESS, PROMETHEUS_URL, ...optional };
}
