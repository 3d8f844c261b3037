import { randomBytes } from 'node:crypto';
import type { KubernetesObject } from '@kubernetes/client-node';
import { applyObjects, deleteObject, openCluster } from '../../../dev/cluster/objects.ts';
import { HttpRouteTraffic } from '../../../src/adapters/gateway-api/http-route-traffic.ts';
import { httpRoute, type HttpRoute, type RouteRule } from '../../../src/adapters/gateway-api/http-route.ts';
import { openKubernetesApi, type KubernetesApi } from '../../../src/adapters/kubernetes-api/api.ts';
import type { Target } from '../../../src/domain/plan/plan.ts';
import { startApiProxy, type ApiProxy } from '../../support/api-proxy.ts';
import { testAddresses } from '../../support/test-platform.ts';
import { routeOf, targetIn } from './fixtures.ts';

/** A route on the real API server in a namespace of its own, and the adapter before it. */
export interface RealRoute {
  readonly target: Target;
  /** Through {@link RealRoute.proxy}. */
  readonly traffic: HttpRouteTraffic;
  /** The same with another patience; the defaults are the product's. */
  trafficFor(options: {
    readonly conflictsForMs?: number;
    readonly requestTimeoutMs?: number;
  }): HttpRouteTraffic;
  readonly proxy: ApiProxy;
  /** Not through the proxy: what others do. */
  readonly others: KubernetesApi;
  readonly read: () => Promise<HttpRoute>;
  remove(): Promise<void>;
}

/** Makes the route, with no gateway: nothing but the test reads it. */
export async function makeRealRoute(...rules: RouteRule[]): Promise<RealRoute> {
  const cluster = openCluster(testAddresses().KUBECONFIG);
  const namespace = `traffic-${randomBytes(3).toString('hex')}`;
  const target = targetIn(namespace);
  const namespaceObject: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  };
  const others = openKubernetesApi(cluster.config);
  await applyObjects(cluster.objects, [namespaceObject]);
  const { metadata, spec } = routeOf(...rules);
  await others.create(httpRoute, namespace, {
    metadata: { name: 'llm', annotations: metadata.annotations ?? {} },
    spec: { rules: spec.rules ?? [] },
  });
  const proxy = await startApiProxy(cluster.config);
  const trafficFor: RealRoute['trafficFor'] = (options) =>
    new HttpRouteTraffic(openKubernetesApi(proxy.config, options), options);
  return {
    target,
    traffic: trafficFor({}),
    trafficFor,
    proxy,
    others,
    read: () => others.read(httpRoute, namespace, 'llm'),
    remove: async () => {
      await proxy.close();
      await deleteObject(cluster.objects, namespaceObject);
    },
  };
}
