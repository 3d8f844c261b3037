import type { FastifyInstance } from 'fastify';
import type { ParsedBehaviour } from './behaviour.ts';
import { readEveryBodyAsJson } from './json-bodies.ts';
import type { LiveBehaviour } from './live-behaviour.ts';

/** Adds the calls that read and change the behaviour; meant for a port that no gateway exposes. */
export function addAdmin(app: FastifyInstance, behaviour: LiveBehaviour): void {
  readEveryBodyAsJson(app);
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    reply.code(error.statusCode ?? 500).send(refusal([error.message])),
  );
  app.get('/behaviour', () => behaviour.current);
  app.patch('/behaviour', (request, reply) => answer(behaviour.patch(request.body), reply));
  app.put('/behaviour', (request, reply) => answer(behaviour.replace(request.body), reply));
}

function answer(parsed: ParsedBehaviour, reply: { code(status: number): unknown }): object {
  if (parsed.kind === 'ok') return parsed.behaviour;
  reply.code(400);
  return refusal(parsed.problems);
}

function refusal(problems: readonly string[]): object {
  return { error: 'The behaviour was not changed', problems };
}
