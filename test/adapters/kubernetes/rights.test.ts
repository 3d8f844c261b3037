import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { waitFor } from '../../../dev/cluster/wait.ts';
import { DeploymentWorkload } from '../../../src/adapters/kubernetes/deployment-workload.ts';
import { missingRights, workloadRights, type Right } from '../../../src/adapters/kubernetes/rights.ts';
import { openKubernetesApi, type KubernetesApi } from '../../../src/adapters/kubernetes-api/api.ts';
import { wrapped, type Method } from './apis.ts';
import { autoscaler, release } from './objects.ts';
import { deployStable, newOwner, soon, workloadOn, type TestTarget } from './target.ts';

jest.setTimeout(60_000);

const verbs: Readonly<Record<Method, string>> = {
  read: 'get',
  find: 'get',
  list: 'list',
  create: 'create',
  replace: 'update',
  patch: 'patch',
  delete: 'delete',
};

describe('the rights of the workload adapter', () => {
  let it: TestTarget;

  beforeAll(async () => {
    it = await deployStable('rights', 1);
    await it.apply(autoscaler(it.namespace));
  });
  afterAll(() => it.remove());

  test('are enough for everything, and every one of them is used', async () => {
    const used = new Set<string>();
    const api = wrapped(await apiWith('all', workloadRights), (call, run) => {
      const { apiVersion, plural } = call.kind;
      const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
      used.add(`${verbs[call.method]} ${plural} ${group ?? ''}`);
      return run();
    });
    await wholeRollout(workloadOn(api));
    used.delete('create selfsubjectaccessreviews authorization.k8s.io');
    const listed = workloadRights.flatMap((right) =>
      right.verbs.map((verb) => `${verb} ${right.resource} ${right.group}`),
    );
    expect([...used].sort()).toEqual([...listed].sort());
  });

  test('that are missing are named by preflight, all at once, and it reads on', async () => {
    const fewer = workloadRights
      .filter(({ resource }) => resource !== 'networkpolicies')
      .map((right) =>
        right.resource === 'horizontalpodautoscalers' ? { ...right, verbs: ['list'] } : right,
      );
    const { problems, stable } = await workloadOn(await apiWith('fewer', fewer)).inspect(
      it.target,
      release,
      newOwner(),
    );
    expect(problems).toEqual([
      `the worker may not patch horizontalpodautoscalers.autoscaling in namespace ${it.namespace}: add it to its Role`,
      `the worker may not list networkpolicies.networking.k8s.io in namespace ${it.namespace}: add it to its Role`,
    ]);
    expect(stable.ready).toBe(1);
  });

  test('an account without any is told all of them, and nothing that it could not see', async () => {
    const { problems } = await workloadOn(await apiWith('none', [])).inspect(it.target, release, newOwner());
    expect(problems).toHaveLength(workloadRights.length);
    expect(problems[0]).toContain('may not get, list, create, patch, delete deployments.apps');
  });

  async function wholeRollout(workload: DeploymentWorkload): Promise<void> {
    const owner = newOwner();
    const { problems } = await workload.inspect(it.target, release, owner);
    expect(problems).toEqual([]);
    await it.api.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' },
      it.namespace,
      'vllm',
      { spec: { replicas: 2 } },
      { type: 'merge' },
    );
    await workload.secureStable(it.target, owner);
    await workload.createCanary(it.target, release, 0, owner);
    await workload.scaleCanary(it.target, 1, owner);
    await waitFor('the canary', async () =>
      (await workload.readiness(it.target)).canary?.ready === 1 ? true : undefined,
    );
    expect(await workload.canaryPods(it.target)).toHaveLength(1);
    await workload.updateStable(it.target, release, owner);
    await workload.removeCanary(it.target, owner, soon());
    await workload.releaseStable(it.target, owner);
    expect(await workload.restoreTarget(it.target, soon())).toEqual([]);
    await waitFor('stable', async () => {
      const { stable } = await workload.readiness(it.target);
      return stable.ready === stable.desired ? true : undefined;
    });
    await it.api.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' },
      it.namespace,
      'vllm',
      { spec: { replicas: 1 } },
      { type: 'merge' },
    );
  }

  /** The API for a service account with just these rights. */
  async function apiWith(name: string, rights: readonly Right[]): Promise<KubernetesApi> {
    const metadata = { name, namespace: it.namespace };
    const apiGroup = 'rbac.authorization.k8s.io';
    await it.apply(
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
      {
        apiVersion: `${apiGroup}/v1`,
        kind: 'Role',
        metadata,
        rules: rights.map((right) => ({
          apiGroups: [right.group],
          resources: [right.resource],
          verbs: right.verbs,
        })),
      },
      {
        apiVersion: `${apiGroup}/v1`,
        kind: 'RoleBinding',
        metadata,
        roleRef: { apiGroup, kind: 'Role', name },
        subjects: [{ kind: 'ServiceAccount', name, namespace: it.namespace }],
      },
    );
    const api = openKubernetesApi(await configOf(name));
    const expected =
      workloadRights.flatMap((right) => right.verbs).length - rights.flatMap((right) => right.verbs).length;
    await waitFor('the rights to be known', async () =>
      (await missingRights(api, it.namespace)).length === expected ? true : undefined,
    );
    return api;
  }

  async function configOf(name: string): Promise<KubeConfig> {
    const { status } = await it.config.makeApiClient(CoreV1Api).createNamespacedServiceAccountToken({
      name,
      namespace: it.namespace,
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: [] } },
    });
    const cluster = it.config.getCurrentCluster();
    if (cluster === null) throw new Error('the kubeconfig names no cluster');
    const config = new KubeConfig();
    config.loadFromClusterAndUser(cluster, { name, token: status?.token ?? '' });
    return config;
  }
});
