import type { FastifyInstance } from 'fastify';
import { readEveryBodyAsJson } from '../standin/json-bodies.ts';
import type { ParsedBehaviour } from './behaviour.ts';
import type { LiveBehaviour } from './live-behaviour.ts';

/** Adds the calls that read and change the behaviour; meant for a port that only tests reach. */
export function addAdmin(app: FastifyInstance, behaviour: LiveBehaviour): void {
  readEveryBodyAsJson(app);
  app.get('/behaviour', () => behaviour.current);
  app.patch('/behaviour', (request, reply) => answer(behaviour.patch(request.body), reply));
  app.put('/behaviour', (request, reply) => answer(behaviour.replace(request.body), reply));
}

function answer(parsed: ParsedBehaviour, reply: { code(status: number): unknown }): object {
  if (parsed.kind === 'ok') return parsed.behaviour;
  reply.code(400);
  return { error: 'The behaviour was not changed', problems: parsed.problems };
}
