import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { waitFor, waitForDeployment } from '../../../dev/cluster/wait.ts';
import type { DeploymentWorkload } from '../../../src/adapters/kubernetes/deployment-workload.ts';
import { JudgeJobs } from '../../../src/adapters/kubernetes/judge/judge-jobs.ts';
import {
  judgeRights,
  missingOf,
  workloadRights,
  type Right,
} from '../../../src/adapters/kubernetes/rights.ts';
import { openKubernetesApi, type KubernetesApi } from '../../../src/adapters/kubernetes-api/api.ts';
import { kinds } from '../../../src/adapters/kubernetes-api/kinds.ts';
import type { Release } from '../../../src/domain/plan/plan.ts';
import { adopt, readyToAdopt, releaseNamed, type ReadyToAdopt } from './adoption.ts';
import { Died, dyingAtWrite, wrapped, type Method } from './apis.ts';
import { first, planFor } from './judge/judged.ts';
import { autoscaler, release } from './objects.ts';
import { deployStable, newOwner, soon, workloadOn, type TestTarget } from './target.ts';

const verbs: Readonly<Record<Method, string>> = {
  read: 'get',
  find: 'get',
  list: 'list',
  watch: 'watch',
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

  test('are enough for everything with finish update, and every one of them is used', async () => {
    const rights = workloadRights.filter(({ finish }) => finish !== 'adopt');
    const { api, used } = noting(await apiWith('update', rights));
    const workload = workloadOn(api);
    await scaleStable(2);
    const { problems } = await workload.inspect(it.target, release, newOwner(), 'update');
    expect(problems).toEqual([]);
    const rolledBack = await canaryOf(workload, releaseNamed('v1'));
    await workload.updateStable(it.target, rolledBack.release, rolledBack.owner);
    await workload.readiness(it.target);
    workload.watch(it.target).end();
    await workload.undoStable(it.target, rolledBack.owner);
    await end(workload, rolledBack.owner);
    const promoted = await canaryOf(workload, release);
    await workload.updateStable(it.target, release, promoted.owner);
    await end(workload, promoted.owner);
    expect(await workload.restoreTarget(it.target, soon())).toEqual([]);
    await waitForDeployment(it.config, it.namespace, 'vllm');
    expect([...used].sort()).toEqual(listed(rights));
    await scaleStable(1);
  });

  test('of finish adopt are enough for that, and every one of them is used', async () => {
    const { api, used } = noting(await apiWith('adopt', workloadRights));
    const aborted = await canaryOf(workloadOn(api), releaseNamed('v3'));
    const dying = dyingAtWrite(api, 1, ({ kind }) => kind.kind === 'ReplicaSet');
    await expect(adopt(it, aborted, workloadOn(dying.api))).rejects.toThrow(Died);
    await workloadOn(api).undoStable(it.target, aborted.owner);
    await end(workloadOn(api), aborted.owner);
    const promoted = await canaryOf(workloadOn(api), releaseNamed('v4'));
    await adopt(it, promoted, workloadOn(api));
    await end(workloadOn(api), promoted.owner);
    const missing = listed(workloadRights.filter(({ finish }) => finish === 'adopt'));
    expect([...used]).toEqual(expect.arrayContaining(missing));
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
    expect(problems).toHaveLength(new Set(workloadRights.map(({ resource }) => resource)).size);
    expect(problems[0]).toContain('may not get, list, watch, create, patch, delete deployments.apps');
  });

  test('that only finish adopt needs are not asked for with finish update', async () => {
    const rights = workloadRights.filter(({ finish }) => finish !== 'adopt');
    const workload = workloadOn(await apiWith('less', rights));
    expect((await workload.inspect(it.target, release, newOwner(), 'update')).problems).toEqual([]);
    const { problems } = await workload.inspect(it.target, release, newOwner(), 'adopt');
    expect(problems).toEqual([
      expect.stringContaining('may not get, create, patch replicasets.apps'),
      expect.stringContaining('may not patch, delete pods'),
    ]);
  });

  test('of a judge are enough beside those for finish update, and every one of them is used', async () => {
    const rights = [...workloadRights.filter(({ finish }) => finish !== 'adopt'), ...judgeRights];
    const { api, used } = noting(await apiWith('judge', rights));
    const jobs = new JudgeJobs(api);
    const plan = planFor(it);
    expect(await jobs.inspect(plan)).toEqual([]);
    const { owner } = await canaryOf(workloadOn(api), releaseNamed('v5'));
    await jobs.start(plan, first, owner);
    expect((await jobs.look(plan, first, owner)).kind).toBe('running');
    await jobs.remove(plan, null, owner);
    await end(workloadOn(api), owner);
    expect([...used]).toEqual(expect.arrayContaining(listed(judgeRights)));
  });

  test('of a judge that are missing are named by its preflight, in a sentence a resource', async () => {
    const { namespace } = it;
    expect(await new JudgeJobs(await apiWith('unjudged', [])).inspect(planFor(it))).toEqual([
      `the worker may not get, list, create, delete jobs.batch in namespace ${namespace}: add it to its Role`,
      `the worker may not get, list, create, delete networkpolicies.networking.k8s.io in namespace ${namespace}: add it to its Role`,
    ]);
  });

  /** Notes `verb resource group` of every call. */
  function noting(api: KubernetesApi): { api: KubernetesApi; used: Set<string> } {
    const used = new Set<string>();
    const noted = wrapped(api, (call, run) => {
      const { apiVersion, plural } = call.kind;
      const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
      if (!['selfsubjectaccessreviews', 'selfsubjectreviews'].includes(plural))
        used.add(`${verbs[call.method]} ${plural} ${group}`);
      return run();
    });
    return { api: noted, used };
  }

  function listed(rights: readonly Right[]): string[] {
    return rights
      .flatMap((right) => right.verbs.map((verb) => `${verb} ${right.resource} ${right.group}`))
      .sort();
  }

  /** A canary as big as stable, which is ready. */
  async function canaryOf(workload: DeploymentWorkload, what: Release): Promise<ReadyToAdopt> {
    const ready = await readyToAdopt({ ...it, workload }, what);
    expect(await workload.canaryPods(it.target)).toHaveLength(ready.pods.length);
    await workload.scaleCanary(it.target, ready.pods.length + 1, ready.owner);
    await workload.scaleCanary(it.target, ready.pods.length, ready.owner);
    return ready;
  }

  async function end(workload: DeploymentWorkload, owner: { rolloutId: string }): Promise<void> {
    await workload.removeCanary(it.target, owner, AbortSignal.timeout(120_000));
    await workload.releaseStable(it.target, owner);
  }

  async function scaleStable(replicas: number): Promise<void> {
    await it.api.patch(kinds.deployment, it.namespace, 'vllm', { spec: { replicas } }, { type: 'merge' });
    await waitForDeployment(it.config, it.namespace, 'vllm');
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
    await waitFor('the rights to be known', async () =>
      (await missingOf(rights, api, it.namespace)).length === 0 ? true : undefined,
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
