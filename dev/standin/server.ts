import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import fastify, { type FastifyInstance } from 'fastify';
import { Gauge, Registry } from 'prom-client';
import { addAdmin } from './admin.ts';
import { addApi, type Identity } from './api.ts';
import { parseBehaviour, type BehaviourPatch } from './behaviour.ts';
import { EngineMetrics } from './engine-metrics.ts';
import { HttpMetrics } from './http-metrics.ts';
import { Lifecycle, type Log } from './lifecycle.ts';
import { LiveBehaviour } from './live-behaviour.ts';
import { processStart } from './series.ts';
import { Slots } from './slots.ts';

/** How to start a stand-in. */
export interface StandinOptions extends Partial<Identity> {
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string;
  /** Port of the API, 0 for any free one. Default 0. */
  readonly port?: number;
  /** Port of the admin calls, 0 for any free one. Default 0. */
  readonly adminPort?: number;
  /** Laid over the defaults. */
  readonly behaviour?: BehaviourPatch;
  /** Receives the lifecycle events. Default none does. */
  readonly log?: Log;
}

/** A running stand-in. */
export interface Standin {
  readonly url: string;
  readonly adminUrl: string;
  /** Takes no new connection, lets running requests end for at most `timeoutMs`, stops; gives the requests cut off. */
  drain(timeoutMs: number): Promise<{ readonly cut: number }>;
  /** Stops at once, cutting off what runs. */
  close(): Promise<void>;
}

/** A behaviour that is not valid; `problems` names each field. */
export class BehaviourRefusedError extends Error {
  override readonly name = 'BehaviourRefusedError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Cannot start with this behaviour: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/** Longest request body, in bytes. */
const bodyLimit = 16 * 2 ** 20;

/** Longer than the gateways' idle times, so that it is they who close an idle connection. In ms. */
const keepAliveTimeout = 75_000;

/**
 * Starts a stand-in and resolves once it listens.
 * @throws BehaviourRefusedError, or the system's error where a port cannot be taken
 */
export async function startStandin(options: StandinOptions = {}): Promise<Standin> {
  const { host = '127.0.0.1', port = 0, adminPort = 0, log = () => undefined } = options;
  const { arm = 'stable', pod = hostname(), model = 'standin', version = '0.32.0' } = options;
  const parsed = parseBehaviour({}, options.behaviour ?? {});
  if (parsed.kind === 'refused') throw new BehaviourRefusedError(parsed.problems);

  const behaviour = new LiveBehaviour(parsed.behaviour);
  const slots = new Slots(() => behaviour.current.capacity);
  const lifecycle = new Lifecycle(() => behaviour.current.startupDelayMs, log);
  const registry = new Registry();
  addProcessStart(registry);
  const engine = { behaviour, slots, metrics: new EngineMetrics(registry, model, slots) };
  const httpMetrics = new HttpMetrics(registry);
  behaviour.onChange(() => {
    slots.admit();
    lifecycle.watchStartup();
  });

  const identity = { arm, pod, model, version };
  const api = await listen(host, port, (app) => {
    addApi(app, { identity, engine, lifecycle, registry, httpMetrics });
  });
  const admin = await listen(host, adminPort, (app) => {
    addAdmin(app, behaviour);
  });
  log({ event: 'listening', url: api.url, adminUrl: admin.url, ...identity });
  lifecycle.watchStartup();

  const drain = async (timeoutMs: number): Promise<{ cut: number }> => {
    const cut = await lifecycle.drain(api.server, timeoutMs);
    admin.server.close();
    admin.server.closeAllConnections();
    return { cut };
  };
  const close = async (): Promise<void> => {
    await drain(0);
  };
  return { url: api.url, adminUrl: admin.url, drain, close };
}

interface Listening {
  readonly server: Server;
  readonly url: string;
}

/** The server is made and closed here rather than by Fastify, whose close would end connections in its own order. */
async function listen(
  host: string,
  port: number,
  addRoutes: (app: FastifyInstance) => void,
): Promise<Listening> {
  const server = createServer({ keepAliveTimeout });
  const app = fastify({
    bodyLimit,
    serverFactory: (handler) => server.on('request', handler),
  });
  addRoutes(app);
  await app.ready();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return { server, url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}` };
}

/** Of the many series about their process that Python programs have, the one that Sluice reads. */
function addProcessStart(registry: Registry): void {
  const startSeconds = Date.now() / 1000 - process.uptime();
  const { name, help } = processStart;
  new Gauge({ name, help, registers: [registry] }).set(startSeconds);
}
