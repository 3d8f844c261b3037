import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Registry } from 'prom-client';
import { errorBody, methodNotAllowed, notFound, starting } from './api-errors.ts';
import { generate, type Engine } from './generation.ts';
import type { HttpMetrics } from './http-metrics.ts';
import type { Lifecycle } from './lifecycle.ts';
import { readEveryBodyAsJson } from './json-bodies.ts';
import { withPythonBounds } from './metrics-text.ts';
import { parseChat, parseCompletion, type ParsedRequest } from './requests.ts';
import { chatWire, completionWire, type AnswerHead, type Wire } from './wire.ts';

/** Who a stand-in says it is. */
export interface Identity {
  /** Value of the header `x-sluice-arm`. Default `stable`. */
  readonly arm: string;
  /** Value of the header `x-sluice-pod`. Default the hostname. */
  readonly pod: string;
  /** The served model name. Default `standin`. */
  readonly model: string;
  /** The vLLM version that `/version` gives. Default `0.32.0`. */
  readonly version: string;
}

/** What the API of one server works on. */
export interface Api {
  readonly identity: Identity;
  readonly engine: Engine;
  readonly lifecycle: Lifecycle;
  readonly registry: Registry;
  readonly httpMetrics: HttpMetrics;
}

/** Adds the OpenAI endpoints and those around them, as vLLM serves them. */
export function addApi(app: FastifyInstance, api: Api): void {
  addCommonTreatment(app, api);
  addErrors(app);
  addInformation(app, api);
  addGeneration(app, api, '/v1/chat/completions', parseChat, chatWire);
  addGeneration(app, api, '/v1/completions', parseCompletion, completionWire);
}

/** What every response gets, also errors: who answered, and its place in the counts. */
function addCommonTreatment(app: FastifyInstance, { identity, lifecycle, httpMetrics }: Api): void {
  app.addHook('onRequest', (request, reply, next) => {
    const startMs = performance.now();
    const response = reply.raw;
    lifecycle.track(response);
    // On the raw response, because generation writes there without Fastify.
    response.setHeader('x-sluice-arm', identity.arm);
    response.setHeader('x-sluice-pod', identity.pod);
    if (lifecycle.draining) response.setHeader('connection', 'close');
    response.once('close', () => {
      httpMetrics.observe({
        handler: request.routeOptions.url,
        method: request.method,
        status: response.statusCode,
        seconds: (performance.now() - startMs) / 1000,
        requestBytes: Number(request.headers['content-length'] ?? 0),
        responseBytes: Number(response.getHeader('content-length') ?? 0),
      });
    });
    if (lifecycle.starting && request.url.startsWith('/v1/')) void reply.code(503).send(starting);
    else next();
  });
}

function addErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(notFound));
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    const type = STATUS_CODES[status] ?? error.name;
    return reply.code(status).send(errorBody(status, type, error.message, status === 400 ? 'body' : null));
  });
  readEveryBodyAsJson(app);
}

function addInformation(app: FastifyInstance, { identity, engine, lifecycle, registry }: Api): void {
  const created = Math.floor(Date.now() / 1000);
  app.get('/health', (_request, reply) => {
    const healthy = engine.behaviour.current.ready && !lifecycle.starting && !lifecycle.draining;
    return reply.code(healthy ? 200 : 503).send();
  });
  app.get('/version', () => ({ version: identity.version }));
  app.get('/v1/models', () => ({
    object: 'list',
    data: [
      { id: identity.model, object: 'model', created, owned_by: 'vllm', root: identity.model, parent: null },
    ],
  }));
  app.get('/metrics', async (_request, reply) => {
    const text = withPythonBounds(await registry.metrics());
    return reply.type(registry.contentType).send(text);
  });
}

type Parse = (body: unknown, servedModel: string) => ParsedRequest;

function addGeneration(
  app: FastifyInstance,
  { identity, engine }: Api,
  url: string,
  parse: Parse,
  wireFor: (head: AnswerHead) => Wire,
): void {
  const { model } = identity;
  app.post(url, async (request: FastifyRequest, reply: FastifyReply) => {
    const parsed = parse(request.body, model);
    if (parsed.kind === 'refused') return reply.code(parsed.status).send(parsed.body);
    reply.hijack();
    const head = { id: randomUUID().replaceAll('-', ''), created: Math.floor(Date.now() / 1000), model };
    await generate(engine, parsed.request, wireFor(head), reply.raw);
    return reply;
  });
  const others: HTTPMethods[] = ['GET', 'PUT', 'PATCH', 'DELETE'];
  app.route({ method: others, url, handler: (_request, reply) => reply.code(405).send(methodNotAllowed) });
}
