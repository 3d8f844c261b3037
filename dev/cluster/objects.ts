import {
  ApiException,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  type KubernetesObject,
} from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';

/** Field manager of what demo and tests apply. */
const fieldManager = 'sluice-dev';

/** The objects of a YAML text with one or more documents. */
export function parseObjects(text: string): KubernetesObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

/** A client for the cluster of a kubeconfig file. */
export function openCluster(kubeconfig: string): { config: KubeConfig; objects: KubernetesObjectApi } {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return { config, objects: KubernetesObjectApi.makeApiClient(config) };
}

/** Applies objects in their order (server-side apply); harmless when they are there already. */
export async function applyObjects(
  client: KubernetesObjectApi,
  objects: readonly KubernetesObject[],
): Promise<void> {
  for (const object of objects) {
    await client.patch(object, undefined, undefined, fieldManager, true, PatchStrategy.ServerSideApply);
  }
}

/** Asks for an object's end and does not wait for it; one that is not there is fine. */
export async function deleteObject(client: KubernetesObjectApi, object: KubernetesObject): Promise<void> {
  try {
    await client.delete(object, undefined, undefined, undefined, undefined, 'Foreground');
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Whether the API server said 404. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiException && error.code === 404;
}

/** Whether the API server said 409: somebody wrote since the object was read. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiException && error.code === 409;
}
