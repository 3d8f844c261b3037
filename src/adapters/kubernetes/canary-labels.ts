import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import type { Release } from '../../domain/plan/plan.ts';
import { labels, withSuffix } from '../../domain/rollout/naming.ts';
import type { Owner } from '../../ports/workload.ts';
import type { Labels } from './selectors.ts';

export const canaryArm = 'canary';

export interface CanaryLabels {
  /** Of the canary's Deployment and Service. */
  readonly selector: Labels;
  /** Of the canary's pods: those of the template, other values where stable selects by them, and the rollout's marks. */
  readonly pod: Labels;
}

/** On everything that a rollout makes. */
export function marksOf(owner: Owner, release: Release): Labels {
  return {
    [labels.rolloutId]: owner.rolloutId,
    [labels.arm]: canaryArm,
    [labels.version]: release.version,
  };
}

/**
 * Labels under which nobody who selects stable's pods finds the canary's: each label by which stable's Deployment or
 * Service selects has another value, `vllm` becomes `vllm-canary`; all others stay. A selector that uses only those
 * others would still match: preflight refuses it (foreign-selectors.ts).
 * @param deployment stable with the release's patch applied.
 */
export function canaryLabels(
  deployment: V1Deployment,
  service: V1Service,
  release: Release,
  owner: Owner,
): CanaryLabels {
  const template = deployment.spec?.template.metadata?.labels ?? {};
  const renamed: Record<string, string> = {};
  for (const key of selectingKeys(deployment, service)) {
    const value = template[key];
    if (value !== undefined) renamed[key] = value === '' ? canaryArm : withSuffix(value, canaryArm);
  }
  const selector = { ...renamed, [labels.arm]: canaryArm };
  return { selector, pod: { ...template, ...selector, ...marksOf(owner, release) } };
}

/** Keys whose value decides whether stable selects a pod. */
function selectingKeys(deployment: V1Deployment, service: V1Service): string[] {
  const { matchLabels = {}, matchExpressions = [] } = deployment.spec?.selector ?? {};
  const valued = matchExpressions.filter(({ operator }) => operator === 'In').map(({ key }) => key);
  return [...Object.keys(matchLabels), ...valued, ...Object.keys(service.spec?.selector ?? {})];
}
