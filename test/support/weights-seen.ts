import type { KubeConfig, KubernetesObject } from '@kubernetes/client-node';
import { canaryPercent } from './kubernetes-writes.ts';
import { LastingWatch } from './lasting-watch.ts';

interface Route extends KubernetesObject {
  readonly spec: { readonly rules?: Parameters<typeof canaryPercent>[0] };
}

/** Every weight that a route ever asked for the canary, in order; equal ones in a row are one. */
export class WeightsSeen {
  readonly percents: number[];
  readonly #watch: LastingWatch<Route>;

  private constructor(percents: number[], watch: LastingWatch<Route>) {
    this.percents = percents;
    this.#watch = watch;
  }

  static async open(config: KubeConfig, namespace: string, name: string): Promise<WeightsSeen> {
    const percents: number[] = [];
    const path = `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/httproutes`;
    const selectors = { fieldSelector: `metadata.name=${name}` };
    const watch = await LastingWatch.open<Route>(config, path, selectors, ({ spec }) => {
      const percent = canaryPercent(spec.rules);
      if (percent !== percents.at(-1)) percents.push(percent);
    });
    return new WeightsSeen(percents, watch);
  }

  /** @throws what broke the watch: a weight may have been missed. */
  all(): readonly number[] {
    this.#watch.assertWhole();
    return [...this.percents];
  }

  close(): void {
    this.#watch.close();
  }
}
