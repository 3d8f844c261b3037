import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { kinds } from '../../../src/adapters/kubernetes-api/kinds.ts';
import type { Release, Target } from '../../../src/domain/plan/plan.ts';
import type { TargetInspection } from '../../../src/ports/workload.ts';
import { wrapped } from './apis.ts';
import { autoscaler, release, stableDeployment, stableService } from './objects.ts';
import { snapshot } from './snapshot.ts';
import { deployStable, newOwner, soon, workloadOn, type TestTarget } from './target.ts';

describe('the inspection of a target', () => {
  let it: TestTarget;
  const owner = newOwner();

  beforeAll(async () => {
    it = await deployStable('inspect', 1);
  });
  afterAll(() => it.remove());

  const inspect = (target: Target = it.target, what: Release = release): Promise<TargetInspection> =>
    it.workload.inspect(target, what, owner);
  const own = (name: string, labels: object = {}) => ({ name, namespace: it.namespace, labels });

  /** What is found while some objects are there besides. */
  async function problemsWith(...objects: object[]): Promise<readonly string[]> {
    await it.apply(...objects);
    const { problems } = await inspect();
    for (const object of objects) await it.delete(object);
    return problems;
  }

  test('of a healthy one finds nothing and changes nothing', async () => {
    const before = await snapshot(it.api, it.namespace);
    expect(await inspect()).toEqual({
      problems: [],
      stable: { desired: 1, ready: 1, serving: 1, summary: '1/1 ready' },
      servingVersion: null,
      sameTemplate: false,
      leftovers: [],
    });
    expect(await snapshot(it.api, it.namespace)).toEqual(before);
  });

  test('tells a release that changes nothing', async () => {
    const same = {
      version: 'v1',
      patch: { spec: { containers: [{ name: 'vllm', env: [{ name: 'ARM', value: 'stable' }] }] } },
    };
    expect((await inspect(it.target, same)).sameTemplate).toBe(true);
  });

  test('names all that is missing at once', async () => {
    const wrong: Target = {
      ...it.target,
      workload: { kind: 'Deployment', name: 'nobody' },
      service: { name: 'nowhere', port: 1 },
    };
    const { problems, stable } = await inspect(wrong);
    expect(problems).toEqual([
      `Deployment ${it.namespace}/nobody does not exist: target.workload.name must name it`,
      `Service ${it.namespace}/nowhere does not exist: target.service.name must name it`,
    ]);
    expect(stable).toMatchObject({ desired: 0, ready: 0 });
  });

  test('names the ports there are', async () => {
    const { problems } = await inspect({ ...it.target, service: { name: 'vllm', port: 80 } });
    expect(problems).toEqual([
      expect.stringContaining('has no port 80: target.service.port must be one of its ports (8000)'),
    ]);
  });

  test('refuses a Service that does not lead to stable', async () => {
    const other = {
      ...stableService(it.namespace),
      metadata: own('other'),
      spec: { ...stableService(it.namespace).spec, selector: { app: 'other' } },
    };
    await it.apply(other);
    const { problems } = await inspect({ ...it.target, service: { name: 'other', port: 8000 } });
    await it.delete(other);
    // Also for stable's own Service the canary would be another one's.
    expect(problems).toContain(
      `Service ${it.namespace}/other does not select the pods of Deployment vllm: target must name a pair`,
    );
  });

  test.each([
    ['a field of the wrong type', { spec: { containers: 'vllm' } }],
    ['a container without image', { spec: { containers: [{ name: 'another' }] } }],
    ['a label by which stable selects', { metadata: { labels: { app: 'renamed' } } }],
  ])('refuses a patch with %s in the words of the API server', async (_, patch) => {
    const { problems, sameTemplate } = await inspect(it.target, { version: 'v2', patch });
    expect(problems).toEqual([expect.stringContaining('release.patch is refused by the API server')]);
    expect(sameTemplate).toBe(false);
  });

  test('refuses selectors that would match the canary', async () => {
    const selector = { matchLabels: { tier: 'llm' } };
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: own('budget'),
      spec: { minAvailable: 1, selector },
    };
    const service = {
      ...stableService(it.namespace),
      metadata: own('everything'),
      spec: { ports: [{ port: 80 }], selector: { tier: 'llm' } },
    };
    expect(await problemsWith(budget, service)).toEqual([
      expect.stringContaining(
        `Service ${it.namespace}/everything would also select the canary's pods (by tier=llm)`,
      ),
      expect.stringContaining(
        `PodDisruptionBudget ${it.namespace}/budget would also select the canary's pods`,
      ),
    ]);
  });

  test('passes those that select by the labels of stable alone', async () => {
    const selector = { matchLabels: { app: 'vllm' } };
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: own('budget'),
      spec: { minAvailable: 1, selector },
    };
    const metricsService = { ...stableService(it.namespace), metadata: own('vllm-metrics') };
    expect(await problemsWith(budget, metricsService, autoscaler(it.namespace))).toEqual([]);
  });

  test('refuses a network policy that the canary would escape', async () => {
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: own('guard'),
      spec: { podSelector: { matchLabels: { app: 'vllm' } }, policyTypes: ['Egress'], egress: [{}] },
    };
    expect(await problemsWith(policy)).toEqual([
      expect.stringContaining(
        `NetworkPolicy ${it.namespace}/guard would select stable's pods and not the canary's`,
      ),
    ]);
  });

  test("refuses autoscalers that are two, or the canary's", async () => {
    const second = autoscaler(it.namespace);
    second.metadata.name = 'second';
    const problems = await problemsWith(
      autoscaler(it.namespace),
      second,
      autoscaler(it.namespace, { target: 'vllm-canary' }),
    );
    expect(problems).toEqual([
      expect.stringContaining('is scaled by 2 autoscalers'),
      expect.stringContaining(`HorizontalPodAutoscaler ${it.namespace}/vllm-canary would scale the canary`),
    ]);
  });

  test('refuses KEDA for stable, and only for stable', async () => {
    const keda = (name: string) => ({ metadata: own(name), spec: { scaleTargetRef: { name } } });
    const api = wrapped(it.api, (call, run) =>
      call.kind.plural === 'scaledobjects' ? Promise.resolve([keda('vllm'), keda('another')]) : run(),
    );
    const { problems } = await workloadOn(api).inspect(it.target, release, owner);
    expect(problems).toEqual([
      expect.stringContaining(`ScaledObject ${it.namespace}/vllm scales Deployment vllm`),
    ]);
  });

  test('refuses a patch with a field that pod templates do not have, and names the field', async () => {
    const misspelt: Release = {
      version: 'v2',
      patch: {
        spec: { nodeSelektor: { gpu: 'a' }, containers: [{ name: 'vllm', imagee: 'example/vllm:v2' }] },
      },
    };
    const { problems, sameTemplate } = await it.workload.inspect(it.target, misspelt, owner);
    expect(problems).toEqual([
      'release.patch is refused by the API server: unknown field "spec.containers[0].imagee", unknown field "spec.nodeSelektor"',
    ]);
    expect(sameTemplate).toBe(false);
  });

  test('refuses a name that somebody else has', async () => {
    const taken = { ...stableService(it.namespace), metadata: own('vllm-canary') };
    expect(await problemsWith(taken)).toEqual([
      `Service ${it.namespace}/vllm-canary exists, and no rollout made it: rename or remove it`,
    ]);
  });

  test('lists what an earlier rollout left, and not its own', async () => {
    const earlier = newOwner();
    await it.workload.secureStable(it.target, earlier);
    await it.workload.createCanary(it.target, release, 0, earlier);
    const { leftovers, problems } = await inspect();
    const { rolloutId } = earlier;
    expect(leftovers).toEqual([
      `Deployment ${it.namespace}/vllm-canary of rollout ${rolloutId}`,
      `Service ${it.namespace}/vllm-canary of rollout ${rolloutId}`,
      `label sluice.dev/owner of rollout ${rolloutId} on Deployment ${it.namespace}/vllm`,
    ]);
    expect(problems).toEqual([]);
    expect((await it.workload.inspect(it.target, release, earlier)).leftovers).toEqual([]);
    await it.workload.restoreTarget(it.target, soon());
  });

  test('refuses a stable that is not healthy, paused, or scaled to zero', async () => {
    const merge = (spec: object) =>
      it.api.patch(kinds.deployment, it.namespace, 'vllm', { spec }, { type: 'merge' });
    await merge({ paused: true });
    expect((await inspect()).problems).toEqual([expect.stringContaining('is paused: resume it')]);
    const mark = (holder: string | null) =>
      it.api.patch(
        kinds.deployment,
        it.namespace,
        'vllm',
        { metadata: { labels: { 'sluice.dev/owner': holder } } },
        { type: 'merge' },
      );
    await mark('another');
    expect((await inspect()).problems).toEqual([expect.stringContaining('is paused by rollout another')]);
    await mark(null);
    await merge({ paused: false, replicas: 0 });
    expect((await inspect()).problems).toEqual([expect.stringContaining('has 0 replicas')]);
    const unhealthy = stableDeployment(it.namespace, 1);
    const [container] = unhealthy.spec?.template.spec?.containers ?? [];
    if (container !== undefined) container.image = 'localhost/sluice/no-such-image:1';
    await it.api.replace(kinds.deployment, it.namespace, unhealthy);
    expect((await inspect()).problems).toEqual([
      expect.stringMatching(/vllm is not healthy \(0\/1 ready: .*\): wait until it is, or repair it/),
    ]);
  });
});
