import type { V1Deployment } from '@kubernetes/client-node';
import { failureTypes } from '../../domain/failures.ts';
import type { Release, Target } from '../../domain/plan/plan.ts';
import { canaryWorkloadName, labels } from '../../domain/rollout/naming.ts';
import { PortFault } from '../../ports/faults.ts';
import type { Owner } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { autoscalersOf, pin, unpin } from './autoscaler.ts';
import { decideAgainOnConflict } from './conflicts.ts';
import { gateLabels, gateOf, labelPatch, requireOpen } from './gate.ts';
import { patchedStable, runsTheSame, sameTemplate, templatePatch } from './template.ts';

/** Opens the gate and pins the autoscaler. A late attempt, after the rollout's end, takes its pin back. */
export async function secureStable(api: KubernetesApi, target: Target, owner: Owner): Promise<void> {
  await decideAgainOnConflict(() => openGate(api, target, owner));
  await decideAgainOnConflict(() => pinAutoscalers(api, target, owner));
  try {
    requireOpen(await readStable(api, target), owner);
  } catch (error) {
    if (error instanceof PortFault && error.type !== failureTypes.Unavailable)
      await decideAgainOnConflict(() => unpinAutoscalers(api, target, owner));
    throw error;
  }
}

async function openGate(api: KubernetesApi, target: Target, owner: Owner): Promise<void> {
  const stable = await readStable(api, target);
  if (gateOf(stable, owner).kind !== 'free') {
    requireOpen(stable, owner);
    return;
  }
  await patchStable(api, target, labelPatch(stable, { [gateLabels.owner]: owner.rolloutId }));
}

async function pinAutoscalers(api: KubernetesApi, target: Target, owner: Owner): Promise<void> {
  const stable = await readStable(api, target);
  requireOpen(stable, owner);
  for (const autoscaler of await readAutoscalers(api, target)) {
    const patch = pin(autoscaler, stable.spec?.replicas ?? 1, owner);
    if (patch !== null) await patchAutoscaler(api, target, autoscaler.metadata?.name ?? '', patch);
  }
}

/**
 * Closes the gate for this rollout: from here on its late attempts make and pin nothing. Also when it was never opened:
 * the attempt that is to open it may still be on its way. Harmless when closed.
 */
export async function closeGate(api: KubernetesApi, target: Target, owner: Owner): Promise<void> {
  await decideAgainOnConflict(async () => {
    const stable = await findStable(api, target);
    if (stable === null) return;
    const { kind } = gateOf(stable, owner);
    if (kind === 'ended' || kind === 'taken') return;
    await patchStable(api, target, labelPatch(stable, { [gateLabels.ended]: owner.rolloutId }));
  });
}

/**
 * Closes the gate, puts the autoscaler back and takes the owner's label away; label `sluice.dev/ended` stays, as the
 * route keeps its released fence: it is what a late attempt is refused by.
 * @returns sentences about what was left as somebody else had set it.
 */
export async function releaseStable(api: KubernetesApi, target: Target, owner: Owner): Promise<string[]> {
  await closeGate(api, target, owner);
  const kept = await decideAgainOnConflict(() => unpinAutoscalers(api, target, owner));
  await decideAgainOnConflict(async () => {
    const stable = await findStable(api, target);
    if (stable?.metadata?.labels?.[gateLabels.owner] !== owner.rolloutId) return;
    await patchStable(api, target, labelPatch(stable, { [gateLabels.owner]: null }));
  });
  return kept;
}

async function unpinAutoscalers(api: KubernetesApi, target: Target, owner: Owner): Promise<string[]> {
  // All of the namespace: somebody may have pointed the pinned one at something else meanwhile.
  const all = await api.list(kinds.horizontalPodAutoscaler, target.namespace);
  const kept: string[] = [];
  for (const autoscaler of all) {
    const undo = unpin(autoscaler, owner);
    if (undo === null) continue;
    await patchAutoscaler(api, target, autoscaler.metadata?.name ?? '', undo.patch);
    if (undo.kept !== null) kept.push(undo.kept);
  }
  return kept;
}

/**
 * Gives stable the release's template. What is promoted must be what the canary has proven: when stable or the canary
 * was changed by somebody else meanwhile, so that stable with the patch is not what the canary runs, nothing is
 * written. The version is noted as an annotation of the Deployment, not as a label of the template: for a GitOps tool
 * that is one difference less, and `kubectl rollout undo` takes it back together with the template.
 * @throws PortFault ForeignChange, StaleWrite, TargetTaken.
 */
export async function updateStable(
  api: KubernetesApi,
  target: Target,
  release: Release,
  owner: Owner,
): Promise<void> {
  await decideAgainOnConflict(async () => {
    const stable = await readStable(api, target);
    requireOpen(stable, owner);
    const { resourceVersion, annotations = {} } = stable.metadata ?? {};
    const patched = await patchedStable(api, target, release, resourceVersion);
    if (sameTemplate(stable, patched) && annotations[labels.version] === release.version) return;
    await requireProven(api, target, patched, owner);
    const body = {
      ...templatePatch(release),
      metadata: { resourceVersion, annotations: { [labels.version]: release.version } },
    };
    await api.patch(kinds.deployment, target.namespace, target.workload.name, body, { type: 'strategic' });
  });
}

async function requireProven(
  api: KubernetesApi,
  target: Target,
  patched: V1Deployment,
  owner: Owner,
): Promise<void> {
  const name = canaryWorkloadName(target);
  const canary = await api.find(kinds.deployment, target.namespace, name);
  const own = canary?.metadata?.labels?.[labels.rolloutId] === owner.rolloutId;
  if (own && runsTheSame(canary, patched)) return;
  const what = own
    ? `stable (${target.workload.name}) with the release's patch is not what the canary (${name}) runs: somebody changed one of them`
    : `the canary (${name}) is gone or another rollout's`;
  throw new PortFault(
    failureTypes.ForeignChange,
    `Deployment ${target.namespace}/${target.workload.name} is not updated: ${what}`,
  );
}

/** @throws PortFault Refused when it does not exist. */
async function readStable(api: KubernetesApi, target: Target): Promise<V1Deployment> {
  return api.read(kinds.deployment, target.namespace, target.workload.name);
}

async function findStable(api: KubernetesApi, target: Target): Promise<V1Deployment | null> {
  return api.find(kinds.deployment, target.namespace, target.workload.name);
}

async function patchStable(api: KubernetesApi, target: Target, patch: object): Promise<void> {
  await api.patch(kinds.deployment, target.namespace, target.workload.name, patch, { type: 'merge' });
}

async function readAutoscalers(api: KubernetesApi, target: Target) {
  return autoscalersOf(await api.list(kinds.horizontalPodAutoscaler, target.namespace), target.workload.name);
}

async function patchAutoscaler(
  api: KubernetesApi,
  target: Target,
  name: string,
  patch: object,
): Promise<void> {
  await api.patch(kinds.horizontalPodAutoscaler, target.namespace, name, patch, { type: 'merge' });
}
