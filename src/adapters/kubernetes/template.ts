import { isDeepStrictEqual } from 'node:util';
import type { V1Deployment, V1PodTemplateSpec } from '@kubernetes/client-node';
import type { Release, Target } from '../../domain/plan/plan.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { digest } from './digest.ts';
import { hashLabel } from './ownership.ts';

/**
 * How the release's patch is sent. Strict: a misspelt field would be dropped without a word otherwise, and the rollout
 * would try out something else than the release.
 */
export const strictly = { type: 'strategic', strict: true } as const;

/** The strategic merge patch that gives a Deployment the release's template. */
export function templatePatch(release: Release): { readonly spec: { readonly template: object } } {
  return { spec: { template: release.patch } };
}

/**
 * Stable's Deployment as the API server would make it with the release's patch; nothing is stored. The server does the
 * merge, so that lists merge exactly as they will when the release is promoted.
 * @param resourceVersion when given, a Deployment that has changed since is a conflict.
 * @throws PortFault Refused when the patch has a field that pod templates do not have, or makes no valid template.
 */
export async function patchedStable(
  api: KubernetesApi,
  target: Target,
  release: Release,
  resourceVersion?: string,
): Promise<V1Deployment> {
  const body = {
    ...templatePatch(release),
    ...(resourceVersion === undefined ? {} : { metadata: { resourceVersion } }),
  };
  const { namespace, workload } = target;
  return api.patch(kinds.deployment, namespace, workload.name, body, {
    ...strictly,
    dryRun: true,
  });
}

/** Whether two Deployments have the same pod template. */
export function sameTemplate(a: V1Deployment, b: V1Deployment): boolean {
  return isDeepStrictEqual(a.spec?.template, b.spec?.template);
}

/** `kubectl rollout restart` writes it; it says nothing about what runs. */
const restartMark = 'kubectl.kubernetes.io/restartedAt';

/** Whether the pods of two Deployments run the same thing: labels and restarts aside. */
export function runsTheSame(a: V1Deployment, b: V1Deployment): boolean {
  return isDeepStrictEqual(whatRuns(a.spec?.template), whatRuns(b.spec?.template));
}

/** A pod template without what says nothing about what runs: labels, restarts. */
export function whatRuns(template: V1PodTemplateSpec | undefined): unknown {
  return {
    annotations: without(template?.metadata?.annotations, restartMark),
    spec: template?.spec,
  };
}

/**
 * A pod template's name, of Deployments and of their ReplicaSets alike: restarts and the label that Kubernetes adds to
 * the template of a ReplicaSet do not count.
 */
export function templateDigest(template: V1PodTemplateSpec | undefined): string {
  const labels = without(template?.metadata?.labels, hashLabel);
  const annotations = without(template?.metadata?.annotations, restartMark);
  return digest({ labels, annotations, spec: template?.spec });
}

function without(values: Readonly<Record<string, string>> = {}, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
}
