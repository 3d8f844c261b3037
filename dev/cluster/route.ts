import type { KubernetesObject, KubernetesObjectApi } from '@kubernetes/client-node';
import { isConflict } from './objects.ts';

interface BackendRef {
  name: string;
  port: number;
  weight?: number;
}

interface HttpRoute extends KubernetesObject {
  spec: { rules: { backendRefs: BackendRef[] }[] };
  status?: { parents: { conditions: { type: string; status: string; observedGeneration: number }[] }[] };
}

const identity = (namespace: string, name: string) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { namespace, name },
});

/**
 * Sets the backends of a route's only rule, as a person does by hand: read, change, write back, again on a conflict.
 * @param weights Service name -> weight; all on port 8000.
 */
export async function setWeights(
  client: KubernetesObjectApi,
  route: { readonly namespace: string; readonly name: string },
  weights: Readonly<Record<string, number>>,
): Promise<void> {
  for (;;) {
    const found = await client.read<HttpRoute>(identity(route.namespace, route.name));
    const [rule] = found.spec.rules;
    if (rule === undefined || found.spec.rules.length > 1)
      throw new Error(`route ${route.name} must have one rule`);
    rule.backendRefs = Object.entries(weights).map(([name, weight]) => ({ name, port: 8000, weight }));
    try {
      await client.replace(found);
      return;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}

/** Whether the gateway has accepted the route as it is written now, with all its backends. */
export async function isAccepted(
  client: KubernetesObjectApi,
  namespace: string,
  name: string,
): Promise<boolean> {
  const route = await client.read<HttpRoute>(identity(namespace, name));
  const conditions = route.status?.parents[0]?.conditions ?? [];
  return ['Accepted', 'ResolvedRefs'].every((type) =>
    conditions.some(
      (it) =>
        it.type === type && it.status === 'True' && it.observedGeneration === route.metadata?.generation,
    ),
  );
}
