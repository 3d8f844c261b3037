import type { KubeConfig } from '@kubernetes/client-node';
import { apiServerOf, plainConfig } from './api-server.ts';
import { jsonAnswer, startHttpInterceptor } from './http-interceptor.ts';

/** A request that came through the proxy. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
}

/** What is to happen to a request; without any of these it goes through as it is. */
export interface Disturbance {
  /** Which requests. @default all */
  readonly to?: (request: SeenRequest) => boolean;
  /** To how many of them. @default 1 */
  readonly times?: number;
  /** The request waits until then. */
  readonly hold?: Promise<unknown>;
  /** The API server gets the request. @default true without `answer`, false with it */
  readonly forward?: boolean;
  /** Instead of the server's answer: another one, none at all, or a cut connection. */
  readonly answer?: FalseAnswer | 'nothing' | 'cut';
}

export interface FalseAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A plain-http way to a real API server that can be made to fail. */
export interface ApiProxy {
  /** A kubeconfig that leads through the proxy. */
  readonly config: KubeConfig;
  /** In the order of their arrival. */
  readonly seen: readonly SeenRequest[];
  /** Requests that change something, so far. */
  writes(): number;
  /** @returns resolves when the first request that it concerns has arrived. */
  disturb(disturbance: Disturbance): Promise<void>;
  close(): Promise<void>;
}

interface Active {
  left: number;
  readonly disturbance: Disturbance;
  readonly arrived: () => void;
}

/** Starts a proxy in front of the API server of a kubeconfig's current context. */
export async function startApiProxy(upstream: KubeConfig): Promise<ApiProxy> {
  const active: Active[] = [];
  const seen: SeenRequest[] = [];
  const front = await startHttpInterceptor(await apiServerOf(upstream), async ({ method, path }, pass) => {
    seen.push({ method, path });
    const { hold, answer, forward = answer === undefined } = take(active, { method, path });
    await hold;
    const real = forward ? await pass() : 'nothing';
    if (answer === undefined || typeof answer === 'string') return answer ?? real;
    return jsonAnswer(answer.body ?? {}, answer.status, answer.headers);
  });
  return {
    config: plainConfig(front.url),
    seen,
    writes: () => seen.filter(({ method }) => method !== 'GET').length,
    disturb: (disturbance) =>
      new Promise((arrived) => active.push({ left: disturbance.times ?? 1, disturbance, arrived })),
    close: () => front.close(),
  };
}

function take(active: Active[], request: SeenRequest): Disturbance {
  const found = active.find(({ left, disturbance }) => left > 0 && (disturbance.to?.(request) ?? true));
  if (found === undefined) return {};
  found.left -= 1;
  found.arrived();
  return found.disturbance;
}
