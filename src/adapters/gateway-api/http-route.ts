import type { Target } from '../../domain/plan/plan.ts';
import { canaryServiceName } from '../../domain/rollout/naming.ts';
import type { ApiObject, Kind } from '../kubernetes-api/kinds.ts';

/** An HTTPRoute, the fields in use; all others stay on the object as they are. */
export interface HttpRoute extends ApiObject {
  readonly metadata: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly parentRefs?: readonly ParentRef[];
    readonly rules?: readonly RouteRule[];
  };
  readonly status?: { readonly parents?: readonly ParentStatus[] };
}

export interface ParentRef {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
}

export interface ParentStatus {
  readonly parentRef: ParentRef;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly observedGeneration?: number;
  }[];
}

export interface RouteRule {
  /** Not in every version of the API. */
  readonly name?: string;
  readonly matches?: readonly RouteMatch[];
  readonly backendRefs?: readonly BackendRef[];
}

export interface RouteMatch {
  readonly headers?: readonly HeaderMatch[];
}

export interface HeaderMatch {
  readonly type?: string;
  readonly name: string;
  readonly value: string;
}

export interface BackendRef {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly port?: number;
  /** The API says 1 where it is absent. */
  readonly weight?: number;
  readonly filters?: readonly unknown[];
}

export const httpRoute: Kind<HttpRoute> = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  plural: 'httproutes',
};

/** Limits of the API on one route. */
export const routeLimits = { rules: 16, matches: 128, backendRefs: 16, weight: 1_000_000 } as const;

/** Which backends of a route are the two arms of a rollout; every other backend is foreign. */
export interface Arms {
  readonly stable: string;
  readonly canary: string;
  readonly isStable: (ref: BackendRef) => boolean;
  readonly isCanary: (ref: BackendRef) => boolean;
}

/** An arm is a Service of the target's namespace, named with the target's port. */
export function armsOf(target: Target): Arms {
  const { name: stable, port } = target.service;
  const canary = canaryServiceName(target);
  const isService = (ref: BackendRef) =>
    (ref.group ?? '') === '' &&
    (ref.kind ?? 'Service') === 'Service' &&
    (ref.namespace ?? target.namespace) === target.namespace &&
    ref.port === port;
  return {
    stable,
    canary,
    isStable: (ref) => ref.name === stable && isService(ref),
    isCanary: (ref) => ref.name === canary && isService(ref),
  };
}

export function namesStable(rule: RouteRule, arms: Arms): boolean {
  return (rule.backendRefs ?? []).some(arms.isStable);
}

export function namesCanary(rule: RouteRule, arms: Arms): boolean {
  return (rule.backendRefs ?? []).some(arms.isCanary);
}
