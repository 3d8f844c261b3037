import type { FinishMode } from '../../domain/plan/plan.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';

/** Verbs on one resource, in the target's namespace, and what they are for. */
export interface Right {
  /** API group; '' is the core. */
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  readonly why: string;
  /** Only plans that finish so need it. */
  readonly finish?: FinishMode;
}

/**
 * Exactly the rights that the workload adapter uses: the Role of the worker, and what preflight asks for. Some resources
 * are named twice, for what only one way to finish needs.
 */
export const workloadRights: readonly Right[] = [
  {
    group: 'apps',
    resource: 'deployments',
    verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
    why: 'makes, scales and removes the canary; marks stable, gives it the new template at the end; sees what others change',
  },
  {
    group: 'apps',
    resource: 'replicasets',
    verbs: ['list', 'delete'],
    why: "tells pods of the newest template from older ones; removes the release's from stable's history after a rollback",
  },
  {
    group: 'apps',
    resource: 'replicasets',
    verbs: ['get', 'create', 'patch'],
    why: "brings the canary's running pods under stable's Deployment",
    finish: 'adopt',
  },
  {
    group: 'apps',
    resource: 'statefulsets',
    verbs: ['list'],
    why: 'sees whose selectors would match the canary',
  },
  {
    group: '',
    resource: 'services',
    verbs: ['get', 'list', 'create', 'patch', 'delete'],
    why: "makes and removes the canary's Service after the model of stable's; notes on it what stable was",
  },
  {
    group: '',
    resource: 'pods',
    verbs: ['list'],
    why: 'says why pods are not ready, warms them up, waits until they are gone',
  },
  {
    group: '',
    resource: 'pods',
    verbs: ['patch', 'delete'],
    why: "gives the canary's pods stable's labels, or removes them when they are nobody's",
    finish: 'adopt',
  },
  {
    group: 'autoscaling',
    resource: 'horizontalpodautoscalers',
    verbs: ['list', 'patch'],
    why: 'pins the minReplicas of stable during the rollout',
  },
  {
    group: 'policy',
    resource: 'poddisruptionbudgets',
    verbs: ['list'],
    why: 'sees whose selectors would match the canary',
  },
  {
    group: 'networking.k8s.io',
    resource: 'networkpolicies',
    verbs: ['list'],
    why: 'sees whether the canary may speak with whom stable may speak',
  },
  {
    group: 'keda.sh',
    resource: 'scaledobjects',
    verbs: ['list'],
    why: 'sees whether KEDA scales stable; harmless where KEDA is not installed',
  },
];

/** What the judge's Jobs need beside {@link workloadRights}; no right to read Secrets or ConfigMaps is among it. */
export const judgeRights: readonly Right[] = [
  {
    group: 'batch',
    resource: 'jobs',
    verbs: ['get', 'list', 'create', 'delete'],
    why: "makes the judge's Jobs, reads how they ended, removes them",
  },
  {
    group: 'networking.k8s.io',
    resource: 'networkpolicies',
    verbs: ['get', 'list', 'create', 'delete'],
    why: "lets the judge's Jobs speak with both arms and their model alone",
  },
];

/** One verb on one resource. */
export interface SingleRight {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
}

/**
 * Which rights of {@link workloadRights} the caller lacks in a namespace (every account may ask this).
 * @param finish asks only for what this way to finish needs. @default all rights
 */
export function missingRights(
  api: KubernetesApi,
  namespace: string,
  finish?: FinishMode,
): Promise<SingleRight[]> {
  const needed = workloadRights.filter(
    (right) => finish === undefined || right.finish === undefined || right.finish === finish,
  );
  return missingOf(needed, api, namespace);
}

/** Which of some rights the caller lacks in a namespace. */
export async function missingOf(
  needed: readonly Right[],
  api: KubernetesApi,
  namespace: string,
): Promise<SingleRight[]> {
  const all = needed.flatMap(({ group, resource, verbs }) =>
    verbs.map((verb) => ({ group, resource, verb })),
  );
  const allowed = await Promise.all(all.map((right) => isAllowed(api, namespace, right)));
  return all.filter((_, index) => allowed[index] !== true);
}

/** What is missing, and what to do, in one sentence a resource. */
export function rightsProblems(missing: readonly SingleRight[], namespace: string): string[] {
  const byResource = Map.groupBy(missing, ({ group, resource }) =>
    group === '' ? resource : `${resource}.${group}`,
  );
  return [...byResource].map(
    ([resource, rights]) =>
      `the worker may not ${rights.map(({ verb }) => verb).join(', ')} ${resource} in namespace ${namespace}: add it to its Role`,
  );
}

async function isAllowed(api: KubernetesApi, namespace: string, right: SingleRight): Promise<boolean> {
  const review = { spec: { resourceAttributes: { namespace, ...right } } };
  const { status } = await api.create(kinds.selfSubjectAccessReview, '', review);
  return status?.allowed === true;
}
