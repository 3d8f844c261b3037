import { CustomObjectsApi } from '@kubernetes/client-node';
import { waitFor } from '../../dev/cluster/wait.ts';
import type { ServiceUnderTest } from './namespace.ts';

interface Route {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly rules: readonly { readonly backendRefs: readonly BackendRef[] }[] };
}

interface BackendRef {
  readonly name: string;
  readonly weight?: number;
}

/** The route's backends as the API server has them, rule by rule: `vllm 50, vllm-canary 50`. */
export async function readBackends(service: ServiceUnderTest): Promise<string> {
  const { spec } = await readRoute(service);
  const text = ({ name, weight = 1 }: BackendRef) => `${name} ${weight}`;
  return spec.rules.map(({ backendRefs }) => backendRefs.map(text).join(', ')).join('; ');
}

/**
 * Waits until the route gives stable all the weight, named beside it or not; asks the API server itself, whatever is broken on the worker's way to it.
 * @returns how long that took, in ms.
 * @throws WaitTimeout after `withinMs`, with the backends seen last.
 */
export async function untilTrafficIsBack(service: ServiceUnderTest, withinMs: number): Promise<number> {
  const startMs = performance.now();
  let seen = '';
  await waitFor(
    'the route to give stable all the weight',
    async () => {
      seen = await readBackends(service);
      return /^vllm \d+(, vllm-canary 0)?$/.test(seen) ? true : undefined;
    },
    { everyMs: 25, timeoutMs: withinMs, seen: () => seen },
  );
  return performance.now() - startMs;
}

async function readRoute({ cluster, namespace }: ServiceUnderTest): Promise<Route> {
  return (await cluster.config.makeApiClient(CustomObjectsApi).getNamespacedCustomObject({
    group: 'gateway.networking.k8s.io',
    version: 'v1',
    plural: 'httproutes',
    namespace,
    name: 'llm',
  })) as Route;
}
