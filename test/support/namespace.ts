import { randomBytes } from 'node:crypto';
import type { KubernetesObject } from '@kubernetes/client-node';
import { applyObjects, deleteObject, openCluster } from '../../dev/cluster/objects.ts';
import { isAccepted } from '../../dev/cluster/route.ts';
import { canaryOf, exampleVllm } from '../../dev/cluster/vllm.ts';
import { waitFor, waitForDeployment } from '../../dev/cluster/wait.ts';
import { withPatientProbes } from './patient-probes.ts';
import { testAddresses } from './test-platform.ts';

/** The example service with a canary beside it, in a namespace and under a host name of its own. */
export interface ServiceUnderTest {
  readonly namespace: string;
  /** The `host` header that leads a request through the gateway to this service. */
  readonly host: string;
  readonly gateway: string;
  readonly cluster: ReturnType<typeof openCluster>;
  remove(): Promise<void>;
}

/**
 * Deploys examples/vllm with patient probes, and waits until the gateway leads to it; all traffic goes to stable.
 * @param options.canary a second arm beside it, made by hand. @default true
 * @param options.change made to each object before it is applied. @default none
 */
export async function deployService(
  purpose: string,
  {
    canary = true,
    change = (object) => object,
  }: {
    readonly canary?: boolean;
    readonly change?: (object: KubernetesObject) => KubernetesObject;
  } = {},
): Promise<ServiceUnderTest> {
  const { KUBECONFIG, GATEWAY_URL } = testAddresses();
  if (GATEWAY_URL === undefined)
    throw new Error('GATEWAY_URL must be set: the tests send their requests there');
  const cluster = openCluster(KUBECONFIG);
  const namespace = `${purpose}-${randomBytes(3).toString('hex')}`;
  const host = `${namespace}.example`;
  const stable = (await exampleVllm(namespace)).map((object) =>
    change(withPatientProbes(withHost(object, host))),
  );
  await applyObjects(cluster.objects, [...stable, ...(canary ? canaryOf(stable) : [])]);
  const deployments = canary ? ['vllm', 'vllm-canary'] : ['vllm'];
  await Promise.all(deployments.map((name) => waitForDeployment(cluster.config, namespace, name)));
  const accepted = () => isAccepted(cluster.objects, namespace, 'llm');
  await waitFor('the route to be accepted', async () => ((await accepted()) ? true : undefined));
  const remove = () =>
    deleteObject(cluster.objects, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  return { namespace, host, gateway: GATEWAY_URL, cluster, remove };
}

function withHost(object: KubernetesObject, host: string): KubernetesObject {
  if (object.kind !== 'HTTPRoute') return object;
  const { spec } = object as { spec?: object };
  return { ...object, spec: { ...spec, hostnames: [host] } } as KubernetesObject;
}
