import { isDeepStrictEqual } from 'node:util';
import type { V1Deployment, V1Pod, V1ReplicaSet } from '@kubernetes/client-node';
import type { ArmReadiness } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { isControlledBy } from './ownership.ts';
import { worstTrouble } from './pod-trouble.ts';
import { selectorText } from './selectors.ts';

/** Reads how many pods of a Deployment's newest template are ready; asks for more than its status only when it must. */
export async function readArm(api: KubernetesApi, deployment: V1Deployment): Promise<ArmReadiness> {
  const settled = settledArm(deployment);
  if (settled !== null) return settled;
  const namespace = deployment.metadata?.namespace ?? '';
  const labelSelector = selectorText(deployment.spec?.selector ?? {});
  const [replicaSets, pods] = await Promise.all([
    api.list(kinds.replicaSet, namespace, { labelSelector }),
    api.list(kinds.pod, namespace, { labelSelector }),
  ]);
  return armInMotion(deployment, replicaSets, pods);
}

/** A Deployment that has all it asks for and only pods of one template; null for any other. */
export function settledArm(deployment: V1Deployment): ArmReadiness | null {
  const desired = desiredOf(deployment);
  const { replicas = 0, updatedReplicas = 0, readyReplicas = 0 } = deployment.status ?? {};
  const settled = isObserved(deployment) && updatedReplicas === replicas && readyReplicas >= desired;
  if (!settled) return null;
  return {
    desired,
    ready: readyReplicas,
    serving: readyReplicas,
    summary: `${readyReplicas}/${desired} ready`,
  };
}

/**
 * A Deployment in motion. Its own status counts ready pods of all templates, and is one behind just after a change;
 * the ReplicaSet that has the Deployment's template is asked instead, found as the controller finds it.
 */
export function armInMotion(
  deployment: V1Deployment,
  replicaSets: readonly V1ReplicaSet[],
  pods: readonly V1Pod[],
): ArmReadiness {
  const desired = desiredOf(deployment);
  const newest = replicaSets.find((it) => isControlledBy(it, deployment) && hasTemplateOf(it, deployment));
  const ready = newest?.status?.readyReplicas ?? 0;
  const own = newest === undefined ? [] : pods.filter((pod) => isControlledBy(pod, newest));
  const why = worstTrouble(own) ?? conditionTrouble(deployment) ?? waitingFor(deployment, newest, ready);
  const summary = `${ready}/${desired} ready`;
  const serving = deployment.status?.readyReplicas ?? 0;
  return { desired, ready, serving, summary: why === null ? summary : `${summary}: ${why}` };
}

/** Of a Deployment that is not there. */
export function missingArm(name: string): ArmReadiness {
  return { desired: 0, ready: 0, serving: 0, summary: `Deployment ${name} does not exist` };
}

/** Whether a rolling update is going on, or has not begun yet. */
export function isRolling(deployment: V1Deployment): boolean {
  const { replicas = 0, updatedReplicas = 0 } = deployment.status ?? {};
  return !isObserved(deployment) || updatedReplicas !== replicas;
}

function waitingFor(
  deployment: V1Deployment,
  newest: V1ReplicaSet | undefined,
  ready: number,
): string | null {
  if (newest === undefined) return 'no pods of the newest template yet';
  if (ready < desiredOf(deployment)) return 'waiting for pods';
  return isRolling(deployment) ? 'pods of an older template are still there' : null;
}

/** A quota or an admission webhook that allows no pods shows nowhere else. */
function conditionTrouble(deployment: V1Deployment): string | null {
  const failure = deployment.status?.conditions?.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  );
  return failure === undefined ? null : `${failure.reason ?? 'ReplicaFailure'}: ${failure.message ?? ''}`;
}

function isObserved({ metadata, status }: V1Deployment): boolean {
  return status?.observedGeneration !== undefined && status.observedGeneration === metadata?.generation;
}

function desiredOf({ spec }: V1Deployment): number {
  return spec?.replicas ?? 1;
}

function hasTemplateOf(replicaSet: V1ReplicaSet, deployment: V1Deployment): boolean {
  const template = replicaSet.spec?.template;
  const labels = { ...template?.metadata?.labels };
  delete labels['pod-template-hash'];
  const unhashed = { ...template, metadata: { ...template?.metadata, labels } };
  const { template: wanted } = deployment.spec ?? {};
  const { labels: wantedLabels = {} } = wanted?.metadata ?? {};
  return isDeepStrictEqual(unhashed, { ...wanted, metadata: { ...wanted?.metadata, labels: wantedLabels } });
}
