import { inspect } from 'node:util';
import { Watch, type KubeConfig, type KubernetesObject } from '@kubernetes/client-node';

/**
 * A watch that goes on for as long as a test likes, and misses nothing: where one ends, the next one begins at the
 * version that was seen last.
 */
export class LastingWatch<T extends KubernetesObject> {
  readonly #config: KubeConfig;
  readonly #path: string;
  readonly #selectors: Readonly<Record<string, string>>;
  readonly #take: (object: T) => void;
  #connection: AbortController | null = null;
  #closed = false;
  #failure: unknown = null;
  #version: string | undefined;
  /** Something came since the last connection began. */
  #alive = false;

  private constructor(
    config: KubeConfig,
    path: string,
    selectors: Readonly<Record<string, string>>,
    take: (object: T) => void,
  ) {
    this.#config = config;
    this.#path = path;
    this.#selectors = selectors;
    this.#take = take;
  }

  /**
   * @param path of all objects of a kind in a namespace.
   * @param selectors which of them: `fieldSelector`, `labelSelector`.
   * @param take gets each change in its order, deletions too; what was there before comes first.
   */
  static async open<T extends KubernetesObject>(
    config: KubeConfig,
    path: string,
    selectors: Readonly<Record<string, string>>,
    take: (object: T) => void,
  ): Promise<LastingWatch<T>> {
    const watch = new LastingWatch(config, path, selectors, take);
    await watch.#begin();
    return watch;
  }

  /** @throws what broke the watch: a change may have been missed. */
  assertWhole(): void {
    if (this.#failure === null) return;
    throw new Error(`the watch of ${this.#path} broke: ${inspect(this.#failure)}`, { cause: this.#failure });
  }

  close(): void {
    this.#closed = true;
    this.#connection?.abort();
  }

  async #begin(): Promise<void> {
    this.#alive = false;
    const from = this.#version === undefined ? {} : { resourceVersion: this.#version };
    this.#connection = await new Watch(this.#config).watch(
      this.#path,
      // The API server soon forgets versions, and objects may rest for minutes. It tells a newer one shortly before the
      // end of a watch that it ends itself: so it has to, before this client ends one of which it hears nothing for 30 s.
      { ...this.#selectors, ...from, allowWatchBookmarks: true, timeoutSeconds: 15 },
      (type, object: T) => {
        this.#heard(type, object);
      },
      (error: unknown) => {
        this.#ended(error);
      },
    );
    if (this.#closed) this.#connection.abort();
  }

  #heard(type: string, object: T): void {
    if (type === 'ERROR') {
      this.#failure ??= object;
      return;
    }
    this.#alive = true;
    this.#version = object.metadata?.resourceVersion;
    if (type !== 'BOOKMARK') this.#take(object);
  }

  #ended(error: unknown): void {
    if (this.#closed || this.#failure !== null) return;
    // An error at once is an answer, or nobody there: asking again and again would not change it.
    if (error !== null && !this.#alive) {
      this.#failure = error;
      return;
    }
    this.#begin().catch((second: unknown) => {
      this.#failure ??= second;
    });
  }
}
