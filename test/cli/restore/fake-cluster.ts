import type { Clue, MissingRights, Remains, RestoreCluster } from '../../../src/cli/restore/cluster.ts';
import { remainsOf } from '../../../src/cli/restore/remains.ts';
import { halfway, healthy, id, target, untouched } from './objects.ts';

export const clue: Clue = { rolloutId: id, route: 'llm', deployment: 'vllm', service: 'vllm', port: 8000 };
export const remainsHalfway = remainsOf(target, halfway, healthy);
export const remainsNone = remainsOf(target, untouched, healthy);

/** A cluster in which a rollout stands at 50 %, and that notes what was asked of it. */
export class FakeCluster implements RestoreCluster {
  readonly place = 'context test, https://cluster.example';
  readonly gatewayObeysMs = 1;
  readonly asked: string[] = [];
  missing: MissingRights = { route: [], workload: [] };
  found: readonly Clue[] | null = [clue];
  remains: Remains = remainsHalfway;
  /** What the route says after the traffic was moved. */
  route = { accepted: true, leadsToCanary: false };
  /** Thrown by the call of this name, as long as it gives something. */
  readonly faults = new Map<string, () => Error | undefined>();
  /** Called before the answer. */
  readonly onLook: (() => void)[] = [];

  missingRights(namespace: string): Promise<MissingRights> {
    return this.#ask(`missingRights ${namespace}`, () => this.missing);
  }

  clues(namespace: string): Promise<readonly Clue[] | null> {
    return this.#ask(`clues ${namespace}`, () => this.found);
  }

  look(): Promise<Remains> {
    this.onLook.shift()?.();
    return this.#ask('look', () => this.remains);
  }

  moveTraffic(): Promise<void> {
    return this.#ask('moveTraffic', () => undefined);
  }

  seeRoute(): Promise<{ accepted: boolean; leadsToCanary: boolean }> {
    return this.#ask('seeRoute', () => this.route);
  }

  undoStable(_: unknown, rolloutIds: readonly string[]): Promise<void> {
    return this.#ask(`undoStable ${rolloutIds.join()}`, () => undefined);
  }

  clear(_: unknown, rolloutIds: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    return this.#ask(`clear ${rolloutIds.join()}`, () => {
      signal.throwIfAborted();
      this.remains = remainsNone;
      return [];
    });
  }

  /** What was asked that changes something. */
  get changes(): string[] {
    return this.asked.filter((it) => /^(moveTraffic|undoStable|clear)/.test(it));
  }

  async #ask<T>(what: string, answer: () => T): Promise<T> {
    this.asked.push(what);
    const [name = ''] = what.split(' ');
    const fault = this.faults.get(name)?.();
    if (fault !== undefined) throw fault;
    return Promise.resolve(answer());
  }
}
