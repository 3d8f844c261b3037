import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AppsV1Api, setHeaderOptions, PatchStrategy } from '@kubernetes/client-node';
import { applyObjects } from '../../dev/cluster/objects.ts';
import { waitFor, waitForDeployment } from '../../dev/cluster/wait.ts';
import { kinds } from '../../src/adapters/kubernetes-api/kinds.ts';
import { restoreRights } from '../../src/cli/restore/rights.ts';
import { CliProcess, type Exit } from '../support/cli-process.ts';
import { HalfDoneRollout, temporaryFolder } from '../support/half-done-rollout.ts';
import { deployService, type ServiceUnderTest } from '../support/namespace.ts';
import { namespaceObjects } from '../support/namespace-objects.ts';
import { standinRelease } from '../support/releases.ts';
import { testAddresses } from '../support/test-platform.ts';

const minute = 60_000;
const whole = ['--route', 'llm', '--deployment', 'vllm', '--service', 'vllm', '--port', '8000'];

/** Without a worker or Temporal that ever was: what a rollout leaves is made by the worker's adapters. */
describe('sluice restore, with a rollout left at 50 %', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let service: ServiceUnderTest;
  let place: readonly string[];
  let before: Record<string, string>;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => folder.remove());
  beforeEach(async () => {
    service = await deployService('restore-alone', { canary: false });
    place = ['-n', service.namespace];
    before = await objects();
  }, 3 * minute);
  afterEach(() => service.remove(), minute);

  const objects = () => namespaceObjects(service.cluster.config, service.namespace);

  function spawn(argv: readonly string[], KUBECONFIG = testAddresses().KUBECONFIG): CliProcess {
    const env = { ...process.env, KUBECONFIG, TEMPORAL_ADDRESS: '127.0.0.1:9', CI: 'true' };
    return new CliProcess(['restore', ...place, ...argv], env);
  }
  const restore = (argv: readonly string[], kubeconfig?: string): Promise<Exit> =>
    spawn(argv, kubeconfig).exit();

  async function leftHalf(release = standinRelease('v2')): Promise<HalfDoneRollout> {
    const rollout = new HalfDoneRollout(service, release);
    await rollout.reachHalf();
    return rollout;
  }

  /** A kubeconfig of somebody who may do exactly this in the namespace. */
  async function kubeconfigWith(rights: Readonly<Record<string, readonly string[]>>): Promise<string> {
    const { namespace, cluster } = service;
    const person = `person-of-${namespace}`;
    const metadata = { name: 'restore', namespace };
    const rules = Object.entries(rights).map(([name, verbs]) => {
      const [resource = '', ...group] = name.split('.');
      return { apiGroups: [group.join('.')], resources: [resource], verbs };
    });
    const api = 'rbac.authorization.k8s.io';
    await applyObjects(cluster.objects, [
      { apiVersion: `${api}/v1`, kind: 'Role', metadata, rules } as object,
      {
        apiVersion: `${api}/v1`,
        kind: 'RoleBinding',
        metadata,
        roleRef: { apiGroup: api, kind: 'Role', name: 'restore' },
        subjects: [{ apiGroup: api, kind: 'User', name: person }],
      } as object,
    ]);
    const config = JSON.parse(cluster.config.exportConfig()) as { users: { user: { as?: string } }[] };
    for (const { user } of config.users) user.as = person;
    const file = await folder.write(`${namespace}-${Object.keys(rights).length}`, JSON.stringify(config));
    let seen = '';
    await waitFor(
      'the API server to know the rights',
      async () => {
        const { code, out, err } = await restore([...whole, '--dry-run'], file);
        seen = out + err;
        return code === 0 ? true : undefined;
      },
      { seen: () => seen },
    );
    return file;
  }

  test(
    'the rights that it asks for are enough',
    async () => {
      await leftHalf();
      const merged: Record<string, readonly string[]> = { ...restoreRights.workload };
      for (const [resource, verbs] of Object.entries<readonly string[]>(restoreRights.route))
        merged[resource] = [...(merged[resource] ?? []), ...verbs];
      const kubeconfig = await kubeconfigWith(merged);
      const restored = await restore([...whole, '--yes'], kubeconfig);
      expect(restored).toMatchObject({ code: 0, err: '' });
      expect(await objects()).toEqual(before);
    },
    5 * minute,
  );

  test(
    'with rights for the route alone it moves the traffic, names the others, and exits with 1',
    async () => {
      const { target, traffic } = await leftHalf();
      const kubeconfig = await kubeconfigWith(restoreRights.route);
      const restored = await restore([...whole, '--yes'], kubeconfig);
      expect(restored).toMatchObject({
        code: 1,
        out: expect.stringContaining('only the traffic is moved'),
        err: expect.stringContaining('You may not patch, delete deployments.apps; '),
      });
      expect(await traffic.read(target)).toMatchObject({ canaryWeightPercent: 0, fence: { released: true } });
      expect(Object.keys(await objects())).toContain('Deployment/vllm-canary');

      expect(await restore(['--yes'])).toMatchObject({ code: 0, err: '' });
      expect(await objects()).toEqual(before);
    },
    5 * minute,
  );

  test(
    'a promotion that died while stable got the release: stable has its own template again',
    async () => {
      const rollout = await leftHalf();
      await rollout.beginUpdate();
      const shown = await restore(['--dry-run']);
      expect(shown.out).toContain('give Deployment vllm its own pod template back');
      expect(await restore(['--yes'])).toMatchObject({ code: 0, err: '' });
      expect(await objects()).toEqual(before);
      await waitForDeployment(service.cluster.config, service.namespace, 'vllm');
    },
    6 * minute,
  );

  test(
    'interrupted while the canary’s pod ends: 130, the traffic is back, and the next run does the rest',
    async () => {
      const slow = { lifecycle: { preStop: { sleep: { seconds: 20 } } } };
      const { target, traffic } = await leftHalf(standinRelease('v2', { container: slow }));
      const first = spawn(['--yes']);
      await first.printed('removing the canary');
      first.kill('SIGINT');
      const { code, err } = await first.exit();
      expect({ code, err }).toEqual({ code: 130, err: expect.stringContaining('Run it again') });
      expect(await traffic.read(target)).toMatchObject({ canaryWeightPercent: 0 });

      expect(await restore(['--yes'])).toMatchObject({ code: 0, err: '' });
      expect(await objects()).toEqual(before);
    },
    5 * minute,
  );

  test(
    'stable has no ready pod: nothing happens with --yes, everything with --force',
    async () => {
      const { target, traffic, workload, api } = await leftHalf();
      const { namespace, cluster } = service;
      await cluster.config
        .makeApiClient(AppsV1Api)
        .patchNamespacedDeployment(
          { namespace, name: 'vllm', body: { spec: { replicas: 0 } } },
          setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
        );
      let seen = '';
      await waitFor(
        'stable to serve nobody',
        async () => {
          const { stable } = await workload.readiness(target);
          seen = JSON.stringify(stable);
          return stable.serving === 0 ? true : undefined;
        },
        { timeoutMs: 2 * minute, seen: () => seen },
      );
      const refused = await restore(['--yes']);
      expect(refused).toMatchObject({
        code: 2,
        out: expect.stringContaining('WARNING stable has no ready pod'),
        err: expect.stringContaining('--force'),
      });
      expect(await traffic.read(target)).toMatchObject({ canaryWeightPercent: 50 });

      expect(await restore(['--force'])).toMatchObject({ code: 0, err: '' });
      expect(await traffic.read(target)).toMatchObject({ canaryWeightPercent: 0 });
      expect(await api.find(kinds.deployment, namespace, 'vllm-canary')).toBeNull();
    },
    5 * minute,
  );
});
