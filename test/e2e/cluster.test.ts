import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AuthorizationV1Api, CoreV1Api, KubeConfig, type V1Pod } from '@kubernetes/client-node';
import { applyObjects, openCluster } from '../../dev/cluster/objects.ts';
import { waitFor } from '../../dev/cluster/wait.ts';
import { deployService, type ServiceUnderTest } from '../support/namespace.ts';

describe('the cluster', () => {
  let service: ServiceUnderTest;
  let core: CoreV1Api;

  beforeAll(async () => {
    service = await deployService('cluster');
    core = service.cluster.config.makeApiClient(CoreV1Api);
  });
  afterAll(() => service.remove(), 120_000);

  test('a pod reaches a Service by its DNS name', async () => {
    const url = `http://vllm.${service.namespace}.svc.cluster.local:8000/v1/models`;
    const script = `const answer = await fetch('${url}'); console.log(answer.status, answer.headers.get('x-sluice-arm'))`;
    const [image] = await imagesInUse();
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'asks', namespace: service.namespace },
      spec: {
        restartPolicy: 'Never',
        containers: [
          {
            name: 'asks',
            image,
            command: ['node', '--input-type=module', '--eval', script],
            imagePullPolicy: 'IfNotPresent',
          },
        ],
      },
    } as V1Pod;
    await applyObjects(service.cluster.objects, [pod]);
    const name = { name: 'asks', namespace: service.namespace };
    let phase: string | undefined;
    const ended = async () => {
      phase = (await core.readNamespacedPod(name)).status?.phase;
      return phase === 'Succeeded' || phase === 'Failed' ? phase : undefined;
    };
    await waitFor('the asking pod to end', ended, { seen: () => String(phase) });
    expect(await core.readNamespacedPodLog(name)).toBe('200 stable\n');
  });

  test('a service account without rights is refused: RBAC is on', async () => {
    const { namespace } = service;
    const { status } = await core.createNamespacedServiceAccountToken({
      name: 'default',
      namespace,
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: [] } },
    });
    const config = asToken(service.cluster.config, status?.token ?? '');
    await expect(config.makeApiClient(CoreV1Api).listNamespacedSecret({ namespace })).rejects.toMatchObject({
      code: 403,
    });
    // The token itself is good: who it is may be asked by anybody who is somebody.
    const review = await config.makeApiClient(AuthorizationV1Api).createSelfSubjectAccessReview({
      body: { spec: { resourceAttributes: { namespace, verb: 'list', resource: 'secrets' } } },
    });
    expect(review.status?.allowed).toBe(false);
  });

  async function imagesInUse(): Promise<string[]> {
    const { items } = await core.listNamespacedPod({
      namespace: service.namespace,
      labelSelector: 'app=vllm',
    });
    return items.flatMap((pod) => pod.spec?.containers.map((it) => it.image ?? '') ?? []);
  }
});

function asToken(from: ReturnType<typeof openCluster>['config'], token: string): KubeConfig {
  const cluster = from.getCurrentCluster();
  if (!cluster) throw new Error('the kubeconfig names no cluster');
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, { name: 'token', token });
  return config;
}
