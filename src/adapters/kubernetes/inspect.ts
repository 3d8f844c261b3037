import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import { failureTypes } from '../../domain/failures.ts';
import type { FinishMode, Release, Target } from '../../domain/plan/plan.ts';
import { canaryServiceName, canaryWorkloadName, labels } from '../../domain/rollout/naming.ts';
import { PortFault } from '../../ports/faults.ts';
import type { ArmReadiness, Owner, TargetInspection } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { autoscalerProblems } from './autoscaler.ts';
import { canaryLabels } from './canary-labels.ts';
import { networkPolicyProblems, selectorProblems } from './foreign-selectors.ts';
import { missingArm, readArm } from './readiness.ts';
import { rightsProblems } from './rights.ts';
import { may, readSurvey, type Survey } from './survey.ts';
import {
  deploymentProblems,
  leftoversOf,
  occupiedProblems,
  scalerProblems,
  serviceProblems,
} from './target-problems.ts';
import { patchedStable, sameTemplate } from './template.ts';

/** Looks at the target as preflight does; changes nothing. Every problem at once, not the first one. */
export async function inspectTarget(
  api: KubernetesApi,
  target: Target,
  release: Release,
  owner: Owner,
  finish?: FinishMode,
): Promise<TargetInspection> {
  const survey = await readSurvey(api, target.namespace, finish);
  const deployment = survey.deployments.find(({ metadata }) => metadata?.name === target.workload.name);
  const service = survey.services.find(({ metadata }) => metadata?.name === target.service.name);
  const stable = await readStable(api, target, survey, deployment);
  const patched = await tryPatch(api, target, release, survey, deployment);
  const problems = [
    ...rightsProblems(survey.missingRights, target.namespace),
    ...ifReadable(survey, kinds.deployment, deploymentProblems(target, deployment, stable)),
    ...ifReadable(survey, kinds.service, serviceProblems(target, service, deployment)),
    ...patched.problems,
    ...autoscalerProblems(survey.autoscalers, target),
    ...scalerProblems(target, survey),
    ...occupiedProblems(target, survey),
    ...strangers(target, release, owner, survey, patched.deployment, service),
  ];
  return {
    problems,
    stable,
    servingVersion: deployment?.metadata?.annotations?.[labels.version] ?? null,
    sameTemplate:
      deployment !== undefined &&
      patched.deployment !== undefined &&
      patched.problems.length === 0 &&
      sameTemplate(deployment, patched.deployment),
    leftovers: leftoversOf(target, survey, owner),
  };
}

/** What may not be read looks as if it were missing: the right is named then, not the object. */
function ifReadable(
  survey: Survey,
  kind: { readonly apiVersion: string; readonly plural: string },
  problems: string[],
): string[] {
  return may(survey.missingRights, 'list', kind) ? problems : [];
}

async function readStable(
  api: KubernetesApi,
  target: Target,
  survey: Survey,
  deployment: V1Deployment | undefined,
): Promise<ArmReadiness> {
  const readable = [kinds.pod, kinds.replicaSet].every((kind) => may(survey.missingRights, 'list', kind));
  if (deployment === undefined) return missingArm(target.workload.name);
  if (readable) return readArm(api, deployment);
  const desired = deployment.spec?.replicas ?? 1;
  const ready = deployment.status?.readyReplicas ?? 0;
  return {
    desired,
    ready,
    serving: ready,
    summary: `${ready}/${desired} ready, as far as the worker may see`,
  };
}

interface Patched {
  /** Stable with the patch, or as it is when the patch cannot be applied. */
  readonly deployment: V1Deployment | undefined;
  readonly problems: readonly string[];
}

async function tryPatch(
  api: KubernetesApi,
  target: Target,
  release: Release,
  survey: Survey,
  deployment: V1Deployment | undefined,
): Promise<Patched> {
  if (deployment === undefined || !may(survey.missingRights, 'patch', kinds.deployment))
    return { deployment, problems: [] };
  try {
    return { deployment: await patchedStable(api, target, release), problems: [] };
  } catch (error) {
    if (!(error instanceof PortFault) || error.type !== failureTypes.Refused) throw error;
    return {
      deployment,
      problems: [`release.patch is refused by the API server: ${inShort(error.message)}`],
    };
  }
}

/** Before it names unknown fields, the API server repeats the whole patch; it counts from the Deployment on. */
function inShort(message: string): string {
  const [, unknown] = message.split('strict decoding error: ');
  return unknown?.replaceAll('"spec.template.', '"') ?? message;
}

/** Others who would see the canary's pods, and should not; or should, and would not. */
function strangers(
  target: Target,
  release: Release,
  owner: Owner,
  survey: Survey,
  patched: V1Deployment | undefined,
  service: V1Service | undefined,
): string[] {
  if (patched === undefined || service === undefined) return [];
  const canary = canaryLabels(patched, service, release, owner).pod;
  const stable = patched.spec?.template.metadata?.labels ?? {};
  // The canary's own names are judged as leftovers or as occupied.
  const others = {
    ...survey,
    deployments: survey.deployments.filter((it) => it.metadata?.name !== canaryWorkloadName(target)),
    services: survey.services.filter((it) => it.metadata?.name !== canaryServiceName(target)),
  };
  return [...selectorProblems(others, canary), ...networkPolicyProblems(others, stable, canary)];
}
