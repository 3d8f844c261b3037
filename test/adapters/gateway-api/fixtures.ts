import type { BackendRef, HttpRoute, RouteRule } from '../../../src/adapters/gateway-api/http-route.ts';
import type { Target } from '../../../src/domain/plan/plan.ts';
import type { Fence } from '../../../src/domain/rollout/fence.ts';

export const targetIn = (namespace: string): Target => ({
  cluster: 'default',
  namespace,
  workload: { kind: 'Deployment', name: 'vllm' },
  service: { name: 'vllm', port: 8000 },
  router: { kind: 'HTTPRoute', name: 'llm' },
});

export const target = targetIn('llm');

/** The rollout that most tests speak of; `b` came later, `c` even later. */
export const fence = (epoch: number, rolloutId: 'a' | 'b' | 'c' = 'a'): Fence => ({
  rolloutId,
  startedAtMs: { a: 1000, b: 2000, c: 3000 }[rolloutId],
  epoch,
});

/** A backend as the API server stores it. */
export const ref = (name: string, weight = 1, more: Partial<BackendRef> = {}): BackendRef => ({
  group: '',
  kind: 'Service',
  name,
  port: 8000,
  weight,
  ...more,
});

/** A rule for one path as the API server stores it. */
export const rule = (path: string, ...backendRefs: BackendRef[]): RouteRule => ({
  matches: [{ path: { type: 'PathPrefix', value: path } } as object],
  backendRefs,
});

/** The filters that tests put on rules and backends. */
export const headerFilter = (value: string): object => ({
  type: 'RequestHeaderModifier',
  requestHeaderModifier: { set: [{ name: 'x-from', value }] },
});

export const routeOf = (...rules: RouteRule[]): HttpRoute => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'llm', namespace: 'llm', generation: 1, annotations: { 'example.com/owner': 'team' } },
  spec: { parentRefs: [{ namespace: 'gateway', name: 'gateway' }], rules },
});

/** What each rule asks for: `['vllm 90, vllm-canary 10']`. */
export const backends = (route: HttpRoute): string[] =>
  (route.spec.rules ?? []).map((it) =>
    (it.backendRefs ?? []).map(({ name, weight }) => `${name} ${weight ?? 'none'}`).join(', '),
  );

/** The route with other rules: what somebody else does to it. */
export const withRules = (
  route: HttpRoute,
  change: (rules: readonly RouteRule[]) => readonly RouteRule[],
): HttpRoute => ({ ...route, spec: { ...route.spec, rules: change(route.spec.rules ?? []) } });

/** The route without one of its annotations. */
export const withoutAnnotation = (route: HttpRoute, key: string): HttpRoute => {
  const kept = Object.entries(route.metadata.annotations ?? {}).filter(([name]) => name !== key);
  return { ...route, metadata: { ...route.metadata, annotations: Object.fromEntries(kept) } };
};
