import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { KubernetesObject, V1Deployment } from '@kubernetes/client-node';
import { parseObjects } from './objects.ts';

const exampleFile = path.resolve(import.meta.dirname, '../../examples/vllm/vllm.yaml');

/** The objects of examples/vllm, moved to another namespace where one is given. */
export async function exampleVllm(namespace = 'llm'): Promise<KubernetesObject[]> {
  const objects = parseObjects(await readFile(exampleFile, 'utf8'));
  return objects.map((object) =>
    object.kind === 'Namespace'
      ? { ...object, metadata: { ...object.metadata, name: namespace } }
      : { ...object, metadata: { ...object.metadata, namespace } },
  );
}

/**
 * A second arm beside the example's Deployment: the same pods under another name, with a Service of their own.
 * @param objects what {@link exampleVllm} gave.
 * @param env variables of the stand-in to set, for example BEHAVIOUR.
 */
export function canaryOf(
  objects: readonly KubernetesObject[],
  env: Readonly<Record<string, string>> = {},
  replicas = 1,
): KubernetesObject[] {
  const stable = objects.find((it): it is V1Deployment => it.kind === 'Deployment');
  if (stable?.spec === undefined) throw new Error('the example has no Deployment');
  const name = 'vllm-canary';
  const labels = { app: name };
  const { namespace } = stable.metadata ?? {};
  const deployment = structuredClone(stable);
  const { spec } = deployment as Required<V1Deployment>;
  deployment.metadata = { name, namespace: namespace ?? 'default', labels };
  spec.replicas = replicas;
  spec.selector = { matchLabels: labels };
  spec.template.metadata = { ...spec.template.metadata, labels };
  const [container] = spec.template.spec?.containers ?? [];
  if (container) {
    const changed = { ARM: 'canary', ...env };
    const kept = (container.env ?? []).filter((it) => !(it.name in changed));
    container.env = [...kept, ...Object.entries(changed).map(([key, value]) => ({ name: key, value }))];
  }
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: labels, ports: [{ name: 'http', port: 8000, targetPort: 'http' }] },
  } as KubernetesObject;
  return [deployment, service];
}
