import type { KubernetesApi } from '../../../src/adapters/kubernetes-api/api.ts';
import type { ApiObject, Kind } from '../../../src/adapters/kubernetes-api/kinds.ts';
import type { ChangeWatch } from '../../../src/ports/changes.ts';

export type Method = keyof KubernetesApi;

/** One call of an adapter. */
export interface Call {
  readonly method: Method;
  readonly kind: Kind<ApiObject>;
  /** It changes something: dry runs do not. */
  readonly writes: boolean;
}

export type Around = (call: Call, run: () => Promise<unknown>) => Promise<unknown>;

/** An API whose every call goes through `around`. */
export function wrapped(api: KubernetesApi, around: Around): KubernetesApi {
  return new Proxy(api, {
    get(on, method: Method) {
      return (...args: unknown[]) => {
        if (method === 'watch') return watchThrough(on, args as WatchArguments, around);
        const run = () => (on[method] as (...all: unknown[]) => Promise<unknown>)(...args);
        const dryRun = args.some((arg) => (arg as { dryRun?: boolean } | undefined)?.dryRun === true);
        const writes = !dryRun && !['read', 'find', 'list'].includes(method);
        return around({ method, kind: args[0] as Kind<ApiObject>, writes }, run);
      };
    },
  });
}

type WatchArguments = Parameters<KubernetesApi['watch']>;

/** A watch is told, and there at once: nothing comes between. */
function watchThrough(api: KubernetesApi, args: WatchArguments, around: Around): ChangeWatch {
  void around({ method: 'watch', kind: args[0], writes: false }, () => Promise.resolve());
  return api.watch(...args);
}

/** What a dead process would have been told. */
export class Died extends Error {
  override readonly name = 'Died';
}

/** The API as a process sees it that is killed when its call number `last` has been carried out, before the answer. */
export function dyingApi(api: KubernetesApi, last: number): KubernetesApi {
  let calls = 0;
  return wrapped(api, async (_, run) => {
    calls += 1;
    if (calls > last) throw new Died();
    const answer = await run();
    if (calls >= last) throw new Died();
    return answer;
  });
}

/**
 * The API as a process sees it that is killed when its write number `last` has been carried out, before the answer.
 * @param counts which writes count. @default all, those too that lose a race against somebody else's
 * @returns `died` tells whether it came to that.
 */
export function dyingAtWrite(
  api: KubernetesApi,
  last: number,
  counts: (call: Call) => boolean = () => true,
): { readonly api: KubernetesApi; died: () => boolean } {
  let writes = 0;
  const dying = wrapped(api, async (call, run) => {
    if (writes >= last) throw new Died();
    if (call.writes && counts(call)) writes += 1;
    const answer = await run();
    if (writes >= last) throw new Died();
    return answer;
  });
  return { api: dying, died: () => writes >= last };
}

/**
 * An API that stops before its first call that `when` picks, until it is woken up: a paused process.
 * @returns `asleep` resolves when it stands there.
 */
export function sleepingApi(
  api: KubernetesApi,
  when: (call: Call) => boolean,
): { api: KubernetesApi; asleep: Promise<void>; wakeUp: () => void } {
  const asleep = Promise.withResolvers<undefined>();
  const awake = Promise.withResolvers<undefined>();
  const sleeping = wrapped(api, async (call, run) => {
    if (when(call)) {
      asleep.resolve(undefined);
      await awake.promise;
    }
    return run();
  });
  const wakeUp = () => {
    awake.resolve(undefined);
  };
  return { api: sleeping, asleep: asleep.promise, wakeUp };
}

/**
 * Kills `work` after its first call and runs it again; then, from `before` on, after its second one, and so on until it
 * comes through. What holds after each second run is checked by `check`.
 * @returns how often it was killed.
 */
export async function dieEverywhere(
  api: KubernetesApi,
  steps: {
    readonly before: () => Promise<void>;
    readonly work: (api: KubernetesApi) => Promise<void>;
    readonly check: () => Promise<void>;
  },
): Promise<number> {
  for (let last = 1; ; last += 1) {
    await steps.before();
    try {
      await steps.work(dyingApi(api, last));
      return last - 1;
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
    await steps.work(api);
    await steps.check();
  }
}
