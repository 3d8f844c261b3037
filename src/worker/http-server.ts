import { fastify, type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

export interface HttpServerParts {
  /** Why no work is done here; empty when it is. */
  readonly whyNotReady: () => readonly string[];
  readonly registry: Registry;
  /** Metrics of the SDK, as text; never rejects. */
  readonly coreMetrics: () => Promise<string>;
}

/**
 * What Kubernetes and Prometheus ask: `/livez` (this process turns), `/readyz` (work is done here, else 503 with the
 * reasons), `/metrics`.
 */
export function createHttpServer({ whyNotReady, registry, coreMetrics }: HttpServerParts): FastifyInstance {
  const server = fastify({ logger: false, forceCloseConnections: true });

  server.get('/livez', () => ({ status: 'alive' }));

  server.get('/readyz', (_, reply) => {
    const reasons = whyNotReady();
    if (reasons.length === 0) return { status: 'ready' };
    return reply.code(503).send({ status: 'notReady', reasons });
  });

  server.get('/metrics', async (_, reply) => {
    const [own, core] = await Promise.all([registry.metrics(), coreMetrics()]);
    return reply.type(registry.contentType).send(`${own}\n${core}`);
  });

  return server;
}
