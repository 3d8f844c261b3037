import type { Target } from '../plan/plan.ts';

/** Kubernetes names and label values end here. */
const longest = 63;

/** Labels and annotations on what Sluice makes or touches. */
export const labels = {
  /** On every object that a rollout makes: its id. */
  rolloutId: 'sluice.dev/rollout-id',
  /** On canary pods, and in the canary's selectors. */
  arm: 'sluice.dev/arm',
  version: 'sluice.dev/version',
} as const;

export const annotations = {
  /** On the route: {@link import('./fence.ts').FenceOnRoute} as JSON. */
  fence: 'sluice.dev/fence',
  /** On the route and the workload while a rollout runs: what was there before, as JSON. */
  before: 'sluice.dev/before',
} as const;

/** One workflow a target: `rollout/<cluster>/<namespace>/<name>` (S11). */
export function workflowIdOf(cluster: string, namespace: string, name: string): string {
  return `rollout/${cluster}/${namespace}/${name}`;
}

/** Name of the canary's Deployment. */
export function canaryWorkloadName(target: Target): string {
  return withSuffix(target.workload.name, 'canary');
}

/** Name of the canary's Service. */
export function canaryServiceName(target: Target): string {
  return withSuffix(target.service.name, 'canary');
}

/** `<name>-<suffix>`; a name that would be too long ends in a hash, so that two long names stay two. */
export function withSuffix(name: string, suffix: string): string {
  const whole = `${name}-${suffix}`;
  if (whole.length <= longest) return whole;
  const tail = `-${hash(name)}-${suffix}`;
  return `${name.slice(0, longest - tail.length)}${tail}`;
}

/** FNV-1a, 32 bits, as 8 hex digits (http://www.isthe.com/chongo/tech/comp/fnv/): short, and needs no crypto. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const character of text) {
    value ^= character.codePointAt(0) ?? 0;
    value = Math.imul(value, 0x01000193) >>> 0;
  }
  return value.toString(16).padStart(8, '0');
}
