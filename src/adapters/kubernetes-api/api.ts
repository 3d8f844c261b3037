import type { KubeConfig } from '@kubernetes/client-node';
import type { ChangeWatch } from '../../ports/changes.ts';
import { connect, type ApiRequest } from './connection.ts';
import { isConflict, isNotFound, mapFault } from './faults.ts';
import type { ApiObject, Kind } from './kinds.ts';
import { usualTimes, Watches, type WatchTimes } from './watches.ts';

/** Name of the field manager on everything that Sluice writes. */
export const fieldManager = 'sluice';

const patchTypes = {
  /** Lists are merged by key; `$patch` directives work. Built-in kinds only. */
  strategic: 'application/strategic-merge-patch+json',
  /** RFC 7386: null removes, lists are replaced. */
  merge: 'application/merge-patch+json',
  /** RFC 6902: a list of operations, `test` among them. */
  json: 'application/json-patch+json',
  /** Server-side apply. */
  apply: 'application/apply-patch+yaml',
} as const;

export interface PatchOptions {
  readonly type: keyof typeof patchTypes;
  /** Take fields that another manager owns; only for `apply`. @default false */
  readonly force?: boolean;
  /** Answer with what would be stored, store nothing. @default false */
  readonly dryRun?: boolean;
  /** Refuse fields that the kind does not have, instead of dropping them. @default false */
  readonly strict?: boolean;
}

export interface CreateOptions {
  /** Answer with what would be stored, store nothing. @default false */
  readonly dryRun?: boolean;
}

export interface DeleteOptions {
  /** Delete only the object with this uid: one that was made anew under the same name stays. */
  readonly uid?: string;
  /** @default 'Background' */
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
}

/** Which objects of a kind; both as in `kubectl --selector` and `--field-selector`. */
export interface ListOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/**
 * The few calls that adapters make. Objects go in and come out as JSON, nothing lost: times are strings, although the
 * types of the client library say Date. Every request has a deadline; none is repeated here. All throw PortFault
 * (a {@link import('./faults.ts').KubernetesFault}): Unavailable, Refused.
 */
export interface KubernetesApi {
  /** @throws PortFault Refused when it is not there. */
  read<T extends ApiObject>(kind: Kind<T>, namespace: string, name: string): Promise<T>;
  /** Null when it is not there. */
  find<T extends ApiObject>(kind: Kind<T>, namespace: string, name: string): Promise<T | null>;
  list<T extends ApiObject>(kind: Kind<T>, namespace: string, options?: ListOptions): Promise<T[]>;
  /** @throws PortFault Unavailable when the name is taken: `isAlreadyExists` tells. */
  create<T extends ApiObject>(
    kind: Kind<T>,
    namespace: string,
    object: T,
    options?: CreateOptions,
  ): Promise<T>;
  /**
   * Writes the whole object, `metadata.name` says which; with `metadata.resourceVersion` only if nobody wrote since.
   * @throws PortFault Unavailable when somebody did: `isConflict` tells.
   */
  replace<T extends ApiObject>(kind: Kind<T>, namespace: string, object: T): Promise<T>;
  patch<T extends ApiObject>(
    kind: Kind<T>,
    namespace: string,
    name: string,
    body: unknown,
    options: PatchOptions,
  ): Promise<T>;
  /** One that is gone, or that has another uid by now, is success. Does not wait until it is gone. */
  delete<T extends ApiObject>(
    kind: Kind<T>,
    namespace: string,
    name: string,
    options?: DeleteOptions,
  ): Promise<void>;
  /** Begins to watch for changes of these objects, there or not; never throws. To be ended by whoever began it. */
  watch(kind: Kind<ApiObject>, namespace: string, names: readonly string[]): ChangeWatch;
}

/**
 * Opens the API of a kubeconfig's current context; no request is made yet.
 * @param options.requestTimeoutMs from sending a request to the last byte of its answer. @default 5 s
 */
export function openKubernetesApi(
  config: KubeConfig,
  options: { readonly requestTimeoutMs?: number; readonly watchTimes?: WatchTimes } = {},
): KubernetesApi {
  const { send, follow } = connect(config, options.requestTimeoutMs ?? 5000);
  const watches = new Watches(follow, options.watchTimes ?? usualTimes);

  async function ask<T>(what: string, request: ApiRequest): Promise<T> {
    try {
      return (await send(request)) as T;
    } catch (error) {
      throw mapFault(error, what);
    }
  }

  const api: KubernetesApi = {
    read: (kind, namespace, name) =>
      ask(`read ${nameOf(kind, namespace, name)}`, { method: 'GET', path: pathOf(kind, namespace, name) }),

    find: (kind, namespace, name) => api.read(kind, namespace, name).catch(nullWhenNotFound),

    async list<T extends ApiObject>(kind: Kind<T>, namespace: string, query: ListOptions = {}) {
      const what = `list ${kind.plural} in ${namespace}`;
      const request = { method: 'GET', path: pathOf(kind, namespace), query: { ...query } } as const;
      const { items } = await ask<{ items: T[] }>(what, request);
      // The members of a list come without the two.
      return items.map((item) => ({ apiVersion: kind.apiVersion, kind: kind.kind, ...item }));
    },

    create: (kind, namespace, object, { dryRun = false } = {}) =>
      ask(`create ${nameOf(kind, namespace, metadataOf(object).name)}`, {
        method: 'POST',
        path: pathOf(kind, namespace),
        query: { fieldManager, ...(dryRun ? { dryRun: 'All' } : {}) },
        body: { ...object, apiVersion: kind.apiVersion, kind: kind.kind },
      }),

    replace(kind, namespace, object) {
      const { name } = metadataOf(object);
      const path = pathOf(kind, namespace, name);
      const body = { ...object, apiVersion: kind.apiVersion, kind: kind.kind };
      return ask(`replace ${nameOf(kind, namespace, name)}`, {
        method: 'PUT',
        path,
        query: { fieldManager },
        body,
      });
    },

    patch: (kind, namespace, name, body, { type, force = false, dryRun = false, strict = false }) =>
      ask(`patch ${nameOf(kind, namespace, name)}`, {
        method: 'PATCH',
        path: pathOf(kind, namespace, name),
        query: {
          fieldManager,
          ...(force ? { force: 'true' } : {}),
          ...(dryRun ? { dryRun: 'All' } : {}),
          ...(strict ? { fieldValidation: 'Strict' } : {}),
        },
        contentType: patchTypes[type],
        body,
      }),

    async delete(kind, namespace, name, { uid, propagation = 'Background' } = {}) {
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: propagation,
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      };
      const path = pathOf(kind, namespace, name);
      try {
        await ask(`delete ${nameOf(kind, namespace, name)}`, { method: 'DELETE', path, body });
      } catch (error) {
        if (isNotFound(error)) return;
        if (!isConflict(error) || uid === undefined) throw error;
        const found = await api.find(kind, namespace, name);
        if (found !== null && metadataOf(found).uid === uid) throw error;
      }
    },

    watch: (kind, namespace, names) => watches.watch(pathOf(kind, namespace), names),
  };
  return api;
}

function nullWhenNotFound(error: unknown): null {
  if (isNotFound(error)) return null;
  throw error;
}

/** `/apis/apps/v1/namespaces/llm/deployments/vllm`; all of a kind without a name. */
function pathOf(kind: Kind<ApiObject>, namespace: string, name?: string): string {
  const root = kind.apiVersion.includes('/') ? '/apis' : '/api';
  const folder = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const file = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  return `${root}/${kind.apiVersion}${folder}/${kind.plural}${file}`;
}

function nameOf(kind: Kind<ApiObject>, namespace: string, name: string | undefined): string {
  return `${kind.kind} ${[namespace, name].filter((it) => it !== '' && it !== undefined).join('/')}`;
}

function metadataOf(object: ApiObject): { name?: string; uid?: string } {
  return object.metadata ?? {};
}
