import { inspect } from 'node:util';
import { Watch, type KubeConfig } from '@kubernetes/client-node';
import { canaryPercent } from './kubernetes-writes.ts';

interface Route {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly spec: { readonly rules?: Parameters<typeof canaryPercent>[0] };
}

/** Every weight that a route ever asked for the canary, in order; equal ones in a row are one. */
export class WeightsSeen {
  readonly percents: number[] = [];
  readonly #config: KubeConfig;
  readonly #namespace: string;
  readonly #name: string;
  #stop: AbortController | null = null;
  #closed = false;
  #failure: unknown = null;
  #at: string | undefined;

  private constructor(config: KubeConfig, namespace: string, name: string) {
    this.#config = config;
    this.#namespace = namespace;
    this.#name = name;
  }

  static async open(config: KubeConfig, namespace: string, name: string): Promise<WeightsSeen> {
    const seen = new WeightsSeen(config, namespace, name);
    await seen.#watch();
    return seen;
  }

  /** @throws what ended the watch: a weight may have been missed. */
  all(): readonly number[] {
    if (this.#failure !== null)
      throw new Error(`the watch of the route broke: ${inspect(this.#failure)}`, { cause: this.#failure });
    return [...this.percents];
  }

  close(): void {
    this.#closed = true;
    this.#stop?.abort();
  }

  async #watch(): Promise<void> {
    const path = `/apis/gateway.networking.k8s.io/v1/namespaces/${this.#namespace}/httproutes`;
    const query = this.#at === undefined ? {} : { resourceVersion: this.#at };
    this.#stop = await new Watch(this.#config).watch(
      path,
      // The API server forgets versions after some minutes, and a route may rest for longer: bookmarks tell newer ones.
      { ...query, fieldSelector: `metadata.name=${this.#name}`, allowWatchBookmarks: true },
      (type, route: Route) => {
        this.#take(type, route);
      },
      (error: unknown) => {
        this.#again(error);
      },
    );
  }

  #take(type: string, route: Route): void {
    if (type === 'ERROR') {
      this.#failure ??= route;
      return;
    }
    this.#at = route.metadata.resourceVersion;
    if (type === 'BOOKMARK') return;
    const percent = canaryPercent(route.spec.rules);
    if (percent !== this.percents.at(-1)) this.percents.push(percent);
  }

  /** The API server ends each watch after a while; from the version seen last nothing is missed. */
  #again(error: unknown): void {
    if (this.#closed) return;
    this.#watch().catch((second: unknown) => {
      this.#failure ??= new AggregateError([error, second]);
    });
  }
}
