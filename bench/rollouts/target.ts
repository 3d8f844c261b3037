import type { KubernetesObject, V1Deployment } from '@kubernetes/client-node';
import { applyObjects, deleteObject, type openCluster } from '../../dev/cluster/objects.ts';
import { waitForDeployment } from '../../dev/cluster/wait.ts';
import { exampleVllm } from '../../dev/cluster/vllm.ts';
import type { PhasePlan, Plan } from '../../src/domain/plan/plan.ts';
import { quickPlan } from '../../test/support/plans.ts';
import { fakeNodeName } from './fake-node.ts';

type Cluster = ReturnType<typeof openCluster>;

/** Makes the example service in a namespace, on the fake node. */
export async function makeTarget(cluster: Cluster, namespace: string, replicas = 1): Promise<void> {
  const objects = (await exampleVllm(namespace)).map((it) => onFakeNode(withHost(it, namespace), replicas));
  await applyObjects(cluster.objects, objects);
  await waitForDeployment(cluster.config, namespace, 'vllm');
}

export async function removeTarget(cluster: Cluster, namespace: string): Promise<void> {
  await deleteObject(cluster.objects, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
}

/** Two routes for the same host and path are a conflict, and the gateway takes the older one. */
function withHost(object: KubernetesObject, namespace: string): KubernetesObject {
  if (object.kind !== 'HTTPRoute') return object;
  const { spec } = object as { spec?: object };
  return { ...object, spec: { ...spec, hostnames: [`${namespace}.example`] } } as KubernetesObject;
}

function onFakeNode(object: KubernetesObject, replicas: number): KubernetesObject {
  if (object.kind !== 'Deployment') return object;
  const deployment = structuredClone(object) as V1Deployment;
  if (deployment.spec === undefined) throw new Error('the example has a Deployment without a spec');
  deployment.spec.replicas = replicas;
  const { template } = deployment.spec;
  if (template.spec === undefined) throw new Error('the example has a Deployment without pods');
  template.spec = { ...template.spec, nodeName: fakeNodeName, terminationGracePeriodSeconds: 0 };
  for (const container of template.spec.containers) delete container.lifecycle;
  return deployment;
}

/** A phase without gates. */
export function phase(weightPercent: number, bakeMs: number): PhasePlan {
  return { weightPercent, bakeMs, gates: [], requireApproval: false };
}

/**
 * A plan for a target of {@link makeTarget}: no warm-up, for its pods do not answer, and no guard of the cost, for the
 * made-up Prometheus has the gateway's counters alone.
 */
export function planFor(namespace: string, prometheusUrl: string, changes: Partial<Plan>): Plan {
  const plan = quickPlan();
  return {
    ...plan,
    target: { ...plan.target, namespace },
    release: { version: 'v2', patch: { metadata: { annotations: { 'example/release': 'v2' } } } },
    guards: plan.guards.filter((it) => it.criterion.metric !== 'cost-per-request'),
    warmUp: { ...plan.warmUp, requestsPerPod: 0 },
    metrics: { ...plan.metrics, prometheus: { url: prometheusUrl } },
    ...changes,
  };
}
