import type { ApiProxy, SeenRequest } from './api-proxy.ts';

/** A request that waits on its way to the API server. */
export interface HeldRequest {
  /** Resolves when it has come. */
  readonly arrived: Promise<void>;
  /** Lets it go on, however late that is; harmless when it has. */
  release(): void;
}

/** Holds the next such request, or all of them. */
export function holdRequest(
  api: ApiProxy,
  to: (request: SeenRequest) => boolean,
  { times = 1 }: { readonly times?: number } = {},
): HeldRequest {
  const { promise: hold, resolve } = Promise.withResolvers<undefined>();
  const arrived = api.disturb({ to, times, hold });
  return {
    arrived,
    release: () => {
      resolve(undefined);
    },
  };
}

/** Whether a request writes objects of this kind, by its plural: `httproutes`. */
export function writes(plural: string): (request: SeenRequest) => boolean {
  return ({ method, path }) => method !== 'GET' && path.split(/[/?]/).includes(plural);
}
