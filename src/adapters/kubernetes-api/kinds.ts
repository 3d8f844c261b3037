import type {
  V1Deployment,
  V1Job,
  V1NetworkPolicy,
  V1Pod,
  V1PodDisruptionBudget,
  V1ReplicaSet,
  V1SelfSubjectAccessReview,
  V1SelfSubjectReview,
  V1Service,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';

/** What all objects have in common, as JSON. */
export interface ApiObject {
  apiVersion?: string;
  kind?: string;
  metadata?: object;
}

/** A kind of objects and where the API server keeps it; `T` is the shape of one. */
export interface Kind<T extends ApiObject> {
  readonly apiVersion: string;
  readonly kind: string;
  /** As in the path: lower case, plural. */
  readonly plural: string;
  /** Ties the kind to its shape; never set. */
  readonly shape?: T;
}

/**
 * The built-in kinds that rollouts use. A table, because asking the server (discovery) costs one more request that can
 * fail, at the worst moment: the first write of a rollback by a worker that has just started.
 */
export const kinds = {
  deployment: builtIn<V1Deployment>('apps/v1', 'Deployment', 'deployments'),
  replicaSet: builtIn<V1ReplicaSet>('apps/v1', 'ReplicaSet', 'replicasets'),
  pod: builtIn<V1Pod>('v1', 'Pod', 'pods'),
  service: builtIn<V1Service>('v1', 'Service', 'services'),
  horizontalPodAutoscaler: builtIn<V2HorizontalPodAutoscaler>(
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    'horizontalpodautoscalers',
  ),
  podDisruptionBudget: builtIn<V1PodDisruptionBudget>(
    'policy/v1',
    'PodDisruptionBudget',
    'poddisruptionbudgets',
  ),
  job: builtIn<V1Job>('batch/v1', 'Job', 'jobs'),
  networkPolicy: builtIn<V1NetworkPolicy>('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  /** Not in a namespace: give '' as such. */
  selfSubjectAccessReview: builtIn<V1SelfSubjectAccessReview>(
    'authorization.k8s.io/v1',
    'SelfSubjectAccessReview',
    'selfsubjectaccessreviews',
  ),
  /** Nor is this one. */
  selfSubjectReview: builtIn<V1SelfSubjectReview>(
    'authentication.k8s.io/v1',
    'SelfSubjectReview',
    'selfsubjectreviews',
  ),
} as const;

function builtIn<T extends ApiObject>(apiVersion: string, kind: string, plural: string): Kind<T> {
  return { apiVersion, kind, plural };
}
