import { randomBytes } from 'node:crypto';
import type { KubeConfig } from '@kubernetes/client-node';
import { applyObjects, deleteObject, openCluster } from '../../../dev/cluster/objects.ts';
import { waitForDeployment } from '../../../dev/cluster/wait.ts';
import { DeploymentWorkload } from '../../../src/adapters/kubernetes/deployment-workload.ts';
import { openKubernetesApi, type KubernetesApi } from '../../../src/adapters/kubernetes-api/api.ts';
import type { Target } from '../../../src/domain/plan/plan.ts';
import { testAddresses } from '../../support/test-platform.ts';
import { stableDeployment, stableService, targetIn } from './objects.ts';

/** Stable in a namespace of its own on the real cluster. */
export interface TestTarget {
  readonly namespace: string;
  readonly target: Target;
  readonly config: KubeConfig;
  readonly api: KubernetesApi;
  readonly workload: DeploymentWorkload;
  apply(...objects: object[]): Promise<void>;
  /** One without dependents is gone when this returns. */
  delete(object: object): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Deploys stable and its Service.
 * @param replicas 0 for tests that need objects and no pods.
 */
export async function deployStable(purpose: string, replicas: number): Promise<TestTarget> {
  const { config, objects } = openCluster(testAddresses().KUBECONFIG);
  const namespace = `workload-${purpose}-${randomBytes(3).toString('hex')}`;
  const itself = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  const api = openKubernetesApi(config);
  await applyObjects(objects, [itself, stableDeployment(namespace, replicas), stableService(namespace)]);
  // Without pods there is no ready count to wait for.
  if (replicas > 0) await waitForDeployment(config, namespace, 'vllm');
  return {
    namespace,
    target: targetIn(namespace),
    config,
    api,
    workload: new DeploymentWorkload({ api, pollMs: 50 }),
    apply: (...wanted) => applyObjects(objects, wanted),
    delete: async (object) => {
      await objects.delete(object, undefined, undefined, undefined, undefined, 'Background');
    },
    remove: () => deleteObject(objects, itself),
  };
}

/** A workload adapter on another API, for one process that dies, sleeps or has fewer rights. */
export function workloadOn(api: KubernetesApi): DeploymentWorkload {
  return new DeploymentWorkload({ api, pollMs: 50 });
}

let rollouts = 0;

/** The owner of a new rollout. */
export function newOwner(): { rolloutId: string } {
  rollouts += 1;
  return { rolloutId: `rollout-${rollouts}-${randomBytes(3).toString('hex')}` };
}

/** A signal that nobody aborts before the test has failed anyway. */
export function soon(): AbortSignal {
  return AbortSignal.timeout(60_000);
}
