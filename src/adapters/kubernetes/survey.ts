import type { V1ObjectMeta, V1StatefulSet, V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import type { FinishMode } from '../../domain/plan/plan.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { isNotFound } from '../kubernetes-api/faults.ts';
import { kinds, type ApiObject, type Kind } from '../kubernetes-api/kinds.ts';
import type { Selecting } from './foreign-selectors.ts';
import { missingRights, type SingleRight } from './rights.ts';

/** KEDA's order to scale a workload; as much of it as is read. */
export interface ScaledObject {
  apiVersion?: string;
  kind?: string;
  metadata?: V1ObjectMeta;
  spec?: { scaleTargetRef?: { kind?: string; name?: string } };
}

/** Everything that preflight looks at, as it was found. */
export interface Survey extends Selecting {
  readonly missingRights: readonly SingleRight[];
  readonly autoscalers: readonly V2HorizontalPodAutoscaler[];
  /** Empty where KEDA is not installed. */
  readonly scaledObjects: readonly ScaledObject[];
}

/** Kinds that only preflight reads. */
const surveyed = {
  statefulSet: { apiVersion: 'apps/v1', kind: 'StatefulSet', plural: 'statefulsets' } as Kind<V1StatefulSet>,
  scaledObject: {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    plural: 'scaledobjects',
  } as Kind<ScaledObject>,
};

/** Reads what preflight looks at; what the caller may not read is empty, and named by `missingRights`. */
export async function readSurvey(
  api: KubernetesApi,
  namespace: string,
  finish?: FinishMode,
): Promise<Survey> {
  const missing = await missingRights(api, namespace, finish);
  const list = <T extends ApiObject>(kind: Kind<T>) =>
    may(missing, 'list', kind) ? api.list(kind, namespace) : Promise.resolve([]);
  const lists = {
    deployments: list(kinds.deployment),
    replicaSets: list(kinds.replicaSet),
    statefulSets: list(surveyed.statefulSet),
    services: list(kinds.service),
    podDisruptionBudgets: list(kinds.podDisruptionBudget),
    networkPolicies: list(kinds.networkPolicy),
    autoscalers: list(kinds.horizontalPodAutoscaler),
    scaledObjects: list(surveyed.scaledObject).catch(noneWhenNotInstalled),
  };
  return { missingRights: missing, ...(await allOf(lists)) };
}

/** Whether a verb on a resource is allowed, by what is missing. */
export function may(
  missing: readonly SingleRight[],
  verb: string,
  { apiVersion, plural }: { readonly apiVersion: string; readonly plural: string },
): boolean {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return !missing.some((it) => it.verb === verb && it.resource === plural && it.group === group);
}

/** `Promise.all` for the members of an object. */
async function allOf<T extends Readonly<Record<string, Promise<unknown>>>>(
  promises: T,
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const entries = Object.entries(promises).map(async ([key, promise]) => [key, await promise] as const);
  return Object.fromEntries(await Promise.all(entries)) as { [K in keyof T]: Awaited<T[K]> };
}

function noneWhenNotInstalled(error: unknown): [] {
  if (isNotFound(error)) return [];
  throw error;
}
