import { Watch, type KubeConfig, type KubernetesObject } from '@kubernetes/client-node';
import { waitFor } from '../../../dev/cluster/wait.ts';

/** Every change of some objects as the API server told it, in their order; what was there before comes first. */
export interface Watched<T> {
  readonly changes: readonly T[];
  /** Resolves when an object has come that `wanted` picks: everything before it has come too. */
  until(what: string, wanted: (object: T) => boolean): Promise<void>;
  stop(): void;
}

/**
 * Watches objects.
 * @param path of all objects of a kind in a namespace.
 */
export async function watchObjects<T extends KubernetesObject>(
  config: KubeConfig,
  path: string,
  labelSelector = '',
): Promise<Watched<T>> {
  const changes: T[] = [];
  let ended: string | null = null;
  const stop = await new Watch(config).watch(
    path,
    { labelSelector },
    (_, object: T) => changes.push(object),
    (error: unknown) => {
      ended = error instanceof Error ? error.message : 'closed';
    },
  );
  return {
    changes,
    until: async (what, wanted) => {
      const look = () => {
        if (ended !== null) throw new Error(`the watch of ${path} has ended: ${ended}`);
        return Promise.resolve(changes.some(wanted) ? true : undefined);
      };
      const seen = () => JSON.stringify(changes.slice(-3));
      await waitFor(`${what} to be seen by a watch`, look, { seen });
    },
    stop: () => {
      stop.abort();
    },
  };
}
