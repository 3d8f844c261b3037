import type { KubeConfig, KubernetesObject } from '@kubernetes/client-node';
import { waitFor } from '../../../dev/cluster/wait.ts';
import { LastingWatch } from '../../support/lasting-watch.ts';

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
  const watch = await LastingWatch.open<T>(config, path, { labelSelector }, (object) => changes.push(object));
  return {
    changes,
    until: async (what, wanted) => {
      const look = () => {
        watch.assertWhole();
        return Promise.resolve(changes.some(wanted) ? true : undefined);
      };
      const seen = () => JSON.stringify(changes.slice(-3));
      await waitFor(`${what} to be seen by a watch`, look, { seen });
    },
    stop: () => {
      watch.close();
    },
  };
}
