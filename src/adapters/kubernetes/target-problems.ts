import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import type { Target } from '../../domain/plan/plan.ts';
import { canaryServiceName, canaryWorkloadName, labels } from '../../domain/rollout/naming.ts';
import type { ArmReadiness, Owner } from '../../ports/workload.ts';
import { autoscalersOf, nameOf, noteOf, pinnedBy, unreadableNote } from './autoscaler.ts';
import { gateLabels } from './gate.ts';
import { controllerOf } from './ownership.ts';
import { isRolling } from './readiness.ts';
import { matches } from './selectors.ts';
import type { Survey } from './survey.ts';

/** What is wrong with stable's Deployment. */
export function deploymentProblems(
  target: Target,
  deployment: V1Deployment | undefined,
  readiness: ArmReadiness,
): string[] {
  const name = `Deployment ${target.namespace}/${target.workload.name}`;
  if (deployment === undefined) return [`${name} does not exist: target.workload.name must name it`];
  if (deployment.spec?.paused === true) return [pausedProblem(name, deployment)];
  if (readiness.desired === 0) return [`${name} has 0 replicas, so nothing serves: scale it up first`];
  if (readiness.ready < readiness.desired || isRolling(deployment))
    return [`${name} is not healthy (${readiness.summary}): wait until it is, or repair it`];
  return [];
}

/** Resuming what an adoption has paused would start pods of its release. */
function pausedProblem(name: string, { metadata }: V1Deployment): string {
  const holder = metadata?.labels?.[gateLabels.owner];
  return holder === undefined
    ? `${name} is paused: resume it (kubectl rollout resume) before a rollout`
    : `${name} is paused by rollout ${holder}, which used it last: do not resume it, clear that rollout away (sluice restore)`;
}

/** What is wrong with stable's Service. */
export function serviceProblems(
  target: Target,
  service: V1Service | undefined,
  deployment: V1Deployment | undefined,
): string[] {
  const name = `Service ${target.namespace}/${target.service.name}`;
  if (service === undefined) return [`${name} does not exist: target.service.name must name it`];
  const { ports = [], selector = {}, type } = service.spec ?? {};
  if (type === 'ExternalName') return [`${name} is an ExternalName: it must select stable's pods`];
  return [
    ...portProblems(name, target.service.port, ports),
    ...selectionProblems(name, selector, deployment),
  ];
}

function portProblems(name: string, wanted: number, ports: readonly { readonly port: number }[]): string[] {
  if (ports.some(({ port }) => port === wanted)) return [];
  const found = ports.map(({ port }) => port).join(', ');
  return [`${name} has no port ${wanted}: target.service.port must be one of its ports (${found})`];
}

function selectionProblems(
  name: string,
  selector: Record<string, string>,
  deployment: V1Deployment | undefined,
): string[] {
  if (deployment === undefined) return [];
  const pods = deployment.spec?.template.metadata?.labels ?? {};
  const selects = Object.keys(selector).length > 0 && matches({ matchLabels: selector }, pods);
  const workload = `Deployment ${deployment.metadata?.name ?? ''}`;
  return selects ? [] : [`${name} does not select the pods of ${workload}: target must name a pair`];
}

/** Autoscalers that would scale the canary, and KEDA, whose autoscalers a rollout cannot pin. */
export function scalerProblems(target: Target, survey: Survey): string[] {
  const canary = canaryWorkloadName(target);
  const ofCanary = autoscalersOf(survey.autoscalers, canary).map(
    (it) => `${nameOf(it)} would scale the canary, which is to be named ${canary}: remove it`,
  );
  const names = [target.workload.name, canary];
  const ofKeda = survey.scaledObjects.flatMap(({ metadata, spec }) => {
    const { kind = 'Deployment', name = '' } = spec?.scaleTargetRef ?? {};
    if (kind !== 'Deployment' || !names.includes(name)) return [];
    return [
      `ScaledObject ${target.namespace}/${metadata?.name ?? ''} scales Deployment ${name}: rollouts cannot pin KEDA yet; pause it, or scale with a HorizontalPodAutoscaler of your own`,
    ];
  });
  return [...ofCanary, ...ofKeda];
}

/** Objects that stand where the canary's are to be, and are no rollout's. */
export function occupiedProblems(target: Target, survey: Survey): string[] {
  return canaryNamed(target, survey)
    .filter(({ rolloutId }) => rolloutId === undefined)
    .map(({ name }) => `${name} exists, and no rollout made it: rename or remove it`);
}

/** What an earlier rollout left: objects, marks and notes. */
export function leftoversOf(target: Target, survey: Survey, owner: Owner): string[] {
  const objects = [...canaryNamed(target, survey), ...looseSets(target, survey)]
    .filter(({ rolloutId }) => rolloutId !== undefined && rolloutId !== owner.rolloutId)
    .map(({ name, rolloutId = '' }) => `${name} of rollout ${rolloutId}`);
  const stable = survey.deployments.find(({ metadata }) => metadata?.name === target.workload.name);
  const holder = stable?.metadata?.labels?.[gateLabels.owner];
  const mark =
    holder === undefined || holder === owner.rolloutId
      ? []
      : [
          `label ${gateLabels.owner} of rollout ${holder} on Deployment ${target.namespace}/${target.workload.name}`,
        ];
  const pins = autoscalersOf(survey.autoscalers, target.workload.name).flatMap((it) => {
    if (noteOf(it) === 'unreadable') return [unreadableNote(it)];
    const by = pinnedBy(it);
    return by === undefined || by === owner.rolloutId ? [] : [`${nameOf(it)}, pinned by rollout ${by}`];
  });
  return [...objects, ...mark, ...pins];
}

interface Found {
  readonly name: string;
  readonly rolloutId: string | undefined;
}

/** ReplicaSets of an adoption that ended half-way, which no Deployment has. */
function looseSets(target: Target, survey: Survey): Found[] {
  return survey.replicaSets
    .filter(
      (it) =>
        controllerOf(it) === undefined && it.metadata?.name?.startsWith(`${target.workload.name}-`) === true,
    )
    .map(({ metadata }) => ({
      name: `ReplicaSet ${target.namespace}/${metadata?.name ?? ''}`,
      rolloutId: metadata?.labels?.[labels.rolloutId],
    }));
}

function canaryNamed(target: Target, survey: Survey): Found[] {
  const found = [
    ...survey.deployments.filter(({ metadata }) => metadata?.name === canaryWorkloadName(target)),
    ...survey.services.filter(({ metadata }) => metadata?.name === canaryServiceName(target)),
  ];
  return found.map(({ kind, metadata }) => ({
    name: `${kind ?? ''} ${target.namespace}/${metadata?.name ?? ''}`,
    rolloutId: metadata?.labels?.[labels.rolloutId],
  }));
}
