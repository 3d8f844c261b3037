import { createHash, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { countTokens } from '../standin/answers.ts';
import { errorBody, notFound } from '../standin/api-errors.ts';
import { readEveryBodyAsJson } from '../standin/json-bodies.ts';
import type { LiveBehaviour } from './live-behaviour.ts';
import { judge, type Judged } from './opinion.ts';
import { readQuestion } from './question.ts';

const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string() })).min(1),
  response_format: z.looseObject({ type: z.string() }).optional(),
});

/** Adds the OpenAI endpoints that a judge is asked by. */
export function addApi(app: FastifyInstance, behaviour: LiveBehaviour, model: string): void {
  readEveryBodyAsJson(app);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(notFound));
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    refuse(reply, error.statusCode ?? 500, error.message),
  );
  app.get('/health', () => ({}));
  app.get('/v1/models', (request, reply) =>
    mayEnter(request, behaviour)
      ? { object: 'list', data: [{ id: model, object: 'model', created: 0, owned_by: 'sluice' }] }
      : refuse(reply, 401, 'No such key'),
  );
  app.post('/v1/chat/completions', async (request, reply) => {
    const { latencyMs, status, takesResponseFormat } = behaviour.current;
    // Unreferenced: nobody waits for an answer to end the program.
    if (latencyMs > 0) await sleep(latencyMs, undefined, { ref: false });
    if (!mayEnter(request, behaviour)) return refuse(reply, 401, 'No such key');
    if (status !== null) return refuse(reply, status, 'As the behaviour says');
    const parsed = ChatRequest.safeParse(request.body);
    if (!parsed.success) return refuse(reply, 400, z.prettifyError(parsed.error));
    if (parsed.data.model !== model)
      return refuse(reply, 404, `The model \`${parsed.data.model}\` does not exist.`);
    if (parsed.data.response_format !== undefined && !takesResponseFormat)
      return refuse(reply, 400, 'response_format is not known here');
    const texts = parsed.data.messages.map(({ content }) => content);
    const question = readQuestion(texts.at(-1) ?? '');
    if (question === null) return refuse(reply, 400, 'The last message must be a question to a judge');
    const said = replyText(judge(behaviour.current, question), question.criteria);
    return completion(model, said, texts);
  });
}

/** Compared by digest: the time it takes says nothing about the key. */
function mayEnter({ headers }: FastifyRequest, behaviour: LiveBehaviour): boolean {
  const { apiKey } = behaviour.current;
  if (apiKey === null) return true;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${apiKey}`));
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send(errorBody(status, 'Refused', message));
}

function replyText(judged: Judged, criteria: readonly string[]): string {
  if (judged === 'garbage') return 'The first one, I would say {"better": "first", but see below';
  if (judged === 'refusal') return 'I am sorry, but I cannot judge that.';
  const grades = (grade: number) => Object.fromEntries(criteria.map((name) => [name, grade]));
  return JSON.stringify({
    reason: 'As its text says.',
    first: grades(judged.first),
    second: grades(judged.second),
    better: judged.better,
  });
}

function completion(model: string, content: string, asked: readonly string[]): object {
  const input = asked.reduce((sum, text) => sum + countTokens(text), 0);
  const output = countTokens(content);
  const message = { role: 'assistant', content };
  return {
    ...{ id: 'chatcmpl-judge', object: 'chat.completion', created: 0, model },
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  };
}
