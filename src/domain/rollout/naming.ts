import type { Target } from '../plan/plan.ts';

/** Kubernetes names and label values end here. */
const longest = 63;
/** Of a Job: its pods are named after it, with a dash and five characters more. */
const longestJob = longest - 6;

/** Labels and annotations on what Sluice makes or touches. */
export const labels = {
  /** On every object that a rollout makes: its id. */
  rolloutId: 'sluice.dev/rollout-id',
  /** On canary pods, and in the canary's selectors. */
  arm: 'sluice.dev/arm',
  version: 'sluice.dev/version',
  /** `judge` on the judge's Jobs, their pods and NetworkPolicies: others may select them by it. */
  role: 'sluice.dev/role',
  /** On those too: which try, both from 1. */
  phase: 'sluice.dev/phase',
  attempt: 'sluice.dev/attempt',
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

/**
 * Name of a judge's Job, and of its NetworkPolicy: a try that is begun twice meets its own Job. Never one that the pods of
 * a Deployment could have, as metrics tell pods by their names: `judge` has letters that Kubernetes does not draw.
 * @param which phase as index into the plan's phases, attempt from 1.
 */
export function judgeJobName(
  target: Target,
  rolloutId: string,
  which: { readonly phase: number; readonly attempt: number },
): string {
  const suffix = `judge-${hash(rolloutId)}-${which.phase + 1}-${which.attempt}`;
  return withSuffix(target.service.name, suffix, longestJob);
}

/**
 * `<name>-<suffix>`; a name that would be too long ends in a hash, so that two long names stay two.
 * @param most characters. @default 63
 */
export function withSuffix(name: string, suffix: string, most: number = longest): string {
  const whole = `${name}-${suffix}`;
  if (whole.length <= most) return whole;
  const tail = `-${hash(name)}-${suffix}`;
  return `${name.slice(0, most - tail.length)}${tail}`;
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
