import type { KubernetesObject, V1Deployment } from '@kubernetes/client-node';
import { judgeKey, judgeName, promptSet, standinJudge } from '../cluster/judges.ts';
import { applyObjects, deleteObject, isNotFound, openCluster } from '../cluster/objects.ts';
import { isAccepted } from '../cluster/route.ts';
import { exampleVllm } from '../cluster/vllm.ts';
import { waitFor, waitForDeployment } from '../cluster/wait.ts';
import { imageNames } from '../platform/images.ts';
import { judgeBehaviour } from './rollout-files.ts';

type Cluster = ReturnType<typeof openCluster>;

/** The `host` header that leads a request to the service of a namespace. */
export const hostOf = (namespace: string): string => `${namespace}.example`;

/** examples/vllm in a namespace of its own, ready; whatever was there before is gone. */
export async function deployAnew({ config, objects }: Cluster, namespace: string): Promise<void> {
  await removeNamespace(objects, namespace);
  await applyObjects(
    objects,
    (await exampleVllm(namespace)).map((object) => unhurried(withHost(object, hostOf(namespace)))),
  );
  await waitForDeployment(config, namespace, 'vllm');
  const accepted = async () => ((await isAccepted(objects, namespace, 'llm')) ? true : undefined);
  await waitFor(`the route of ${namespace} to be accepted`, accepted);
}

/** A stand-in judge, its key and its prompts, ready. */
export async function deployJudge({ config, objects }: Cluster, namespace: string): Promise<void> {
  await applyObjects(objects, [
    judgeKey(namespace, 'key-of-the-pictures'),
    promptSet(namespace, 400),
    ...standinJudge(namespace, {
      name: judgeBehaviour,
      behaviour: {},
      image: imageNames.judgeStandin,
    }),
  ]);
  await waitForDeployment(config, namespace, judgeName(judgeBehaviour));
}

/** Waits until it is gone. */
export async function removeNamespace(objects: Cluster['objects'], name: string): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await deleteObject(objects, namespace);
  const gone = () =>
    objects.read(namespace).then(
      () => undefined,
      (error: unknown) => (isNotFound(error) ? true : undefined),
    );
  await waitFor(`the end of namespace ${name}`, gone, { timeoutMs: 180_000 });
}

/** Two services share the gateway; their routes are told apart by host. */
function withHost(object: KubernetesObject, host: string): KubernetesObject {
  if (object.kind !== 'HTTPRoute') return object;
  const { spec } = object as { spec?: object };
  return { ...object, spec: { ...spec, hostnames: [host] } } as KubernetesObject;
}

/** On a busy machine pods answer late; the pictures are not about a service that comes and goes. */
function unhurried(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Deployment') return object;
  const deployment = structuredClone(object) as V1Deployment;
  for (const container of deployment.spec?.template.spec?.containers ?? []) {
    delete container.livenessProbe;
    if (container.readinessProbe) container.readinessProbe.timeoutSeconds = 30;
    if (container.startupProbe) container.startupProbe.timeoutSeconds = 30;
  }
  return deployment;
}
