import { setTimeout as delay } from 'node:timers/promises';
import type { ChangeWatch } from '../../ports/changes.ts';
import type { ApiRequest, Follow } from './connection.ts';

export interface WatchTimes {
  /** A watch is begun anew after this, or after up to twice as long: one that died in silence is noticed then. */
  readonly renewMs: number;
  /** Until the second attempt of one that failed; doubled with each, up to {@link longestWaitMs}. */
  readonly firstWaitMs: number;
}

export const usualTimes: WatchTimes = { renewMs: 5 * 60_000, firstWaitMs: 1000 };
const longestWaitMs = 30_000;
/** The server ends a watch that is old enough; beyond this it has forgotten. */
const overdueMs = 10_000;

/** Only what says which object it is about comes over the wire. */
const metadataOnly = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

/** One watch a collection, whoever else asks for objects of it. */
export class Watches {
  readonly #follow: Follow;
  readonly #times: WatchTimes;
  readonly #byPath = new Map<string, Collection>();

  constructor(follow: Follow, times: WatchTimes) {
    this.#follow = follow;
    this.#times = times;
  }

  /** @param path of a collection: `/apis/apps/v1/namespaces/llm/deployments`. */
  watch(path: string, names: readonly string[]): ChangeWatch {
    const collection = this.#byPath.get(path) ?? new Collection(path, this.#follow, this.#times);
    this.#byPath.set(path, collection);
    return collection.join(new Set(names), () => {
      if (this.#byPath.get(path) === collection) this.#byPath.delete(path);
    });
  }
}

interface Watcher {
  readonly names: ReadonlySet<string>;
  changed: boolean;
}

/** The objects of one kind in one namespace. */
class Collection {
  readonly #request: ApiRequest;
  readonly #follow: Follow;
  readonly #times: WatchTimes;
  readonly #watchers = new Set<Watcher>();
  readonly #over = new AbortController();
  /** Changes come in: what nobody told has not happened. */
  #live = false;

  constructor(path: string, follow: Follow, times: WatchTimes) {
    this.#request = {
      method: 'GET',
      path,
      query: { watch: 'true', allowWatchBookmarks: 'true' },
      accept: metadataOnly,
    };
    this.#follow = follow;
    this.#times = times;
    void this.#run();
  }

  join(names: ReadonlySet<string>, onEmpty: () => void): ChangeWatch {
    const watcher: Watcher = { names, changed: true };
    this.#watchers.add(watcher);
    return {
      mayHaveChanged: () => {
        const { changed } = watcher;
        watcher.changed = false;
        return changed || !this.#live;
      },
      end: () => {
        this.#watchers.delete(watcher);
        if (this.#watchers.size > 0) return;
        onEmpty();
        this.#over.abort();
      },
    };
  }

  async #run(): Promise<void> {
    const { signal } = this.#over;
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.#once();
        failures = 0;
      } catch {
        // Whatever it was: as long as nothing is live, whoever watches asks for himself.
        failures += 1;
      }
      this.#live = false;
      const waitMs = Math.min(longestWaitMs, this.#times.firstWaitMs * 2 ** Math.max(0, failures - 1));
      await delay(waitMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }

  /** From one beginning to its end. */
  async #once(): Promise<void> {
    const forMs = this.#times.renewMs * (1 + Math.random());
    const end = new AbortController();
    const overdue = setTimeout(() => {
      end.abort();
    }, forMs + overdueMs);
    const leave = () => {
      end.abort();
    };
    this.#over.signal.addEventListener('abort', leave, { once: true });
    try {
      const query = { ...this.#request.query, timeoutSeconds: String(Math.ceil(forMs / 1000)) };
      const lines = await this.#follow({ ...this.#request, query }, end.signal);
      // The server begins with the present state: from here on nothing is missed, and nobody knows what was before.
      for (const watcher of this.#watchers) watcher.changed = true;
      this.#live = true;
      for await (const line of lines) this.#hear(line);
    } finally {
      clearTimeout(overdue);
      this.#over.signal.removeEventListener('abort', leave);
    }
  }

  /** @throws Error when the server says that it cannot go on, or something that is no event. */
  #hear(line: string): void {
    const { type, object } = JSON.parse(line) as WatchEvent;
    // Comes about once a minute, and says that nothing does: without it nobody could tell a dead connection.
    if (type === 'BOOKMARK') return;
    if (type === 'ERROR') throw new Error('the watch ended with an error');
    const name = object?.metadata?.name;
    for (const watcher of this.#watchers)
      if (name === undefined || watcher.names.has(name)) watcher.changed = true;
  }
}

interface WatchEvent {
  readonly type?: string;
  readonly object?: { readonly metadata?: { readonly name?: string } };
}
