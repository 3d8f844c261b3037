import type { V1Deployment } from '@kubernetes/client-node';
import { failureTypes } from '../../domain/failures.ts';
import type { Target } from '../../domain/plan/plan.ts';
import { PortFault } from '../../ports/faults.ts';
import type { Owner } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { autoscalersOf, pin, unpin } from './autoscaler.ts';
import { decideAgainOnConflict } from './conflicts.ts';
import { gateLabels, gateOf, labelPatch, requireOpen, type KeptTemplate } from './gate.ts';
import { removeMarks } from './marks.ts';

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
 * Closes the gate, puts the autoscaler back, takes the marks off the pods that stable has adopted, and the owner's label
 * away; label `sluice.dev/ended` stays, as the route keeps its released fence: it is what a late attempt is refused by.
 * @returns sentences about what was left as somebody else had set it.
 */
export async function releaseStable(api: KubernetesApi, target: Target, owner: Owner): Promise<string[]> {
  await closeGate(api, target, owner);
  const kept = await decideAgainOnConflict(() => unpinAutoscalers(api, target, owner));
  await removeMarks(api, target, owner);
  await decideAgainOnConflict(async () => {
    const stable = await findStable(api, target);
    if (stable?.metadata?.labels?.[gateLabels.owner] !== owner.rolloutId) return;
    const template = stable.metadata.labels[gateLabels.keptTemplate];
    const gone = {
      [gateLabels.owner]: null,
      ...(template === undefined ? {} : { [gateLabels.keptTemplate]: null }),
    };
    await patchStable(api, target, labelPatch(stable, gone));
    if (template !== undefined) kept.push(keptTemplateSentence(target, template));
  });
  return kept;
}

function keptTemplateSentence({ namespace, workload }: Target, why: string): string {
  const reason =
    why === ('changed' satisfies KeptTemplate)
      ? 'somebody had set another pod template after it got the release'
      : 'somebody had changed the note about its pod template';
  return `Deployment ${namespace}/${workload.name}: ${reason}; it stays as it is (kubectl rollout history shows the ones before)`;
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
