import * as z from 'zod';
import { countTokens } from './answers.ts';
import { errorBody, type ErrorBody } from './api-errors.ts';
import type { Question } from './plan.ts';

/** A checked generation request of either endpoint. */
export interface GenerationRequest extends Question {
  readonly promptTokens: number;
  readonly stream: boolean;
  /** Whether a stream ends with a chunk of token counts. */
  readonly includeUsage: boolean;
}

/** Either a request to serve or the status and body of the refusal. */
export type ParsedRequest =
  | { readonly kind: 'ok'; readonly request: GenerationRequest }
  | { readonly kind: 'refused'; readonly status: number; readonly body: ErrorBody };

/** Tokens that a chat template adds to each message. */
const templateTokens = 4;

const common = {
  model: z.string().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().nullish(),
  n: z.int().nullish(),
  seed: z.int().nullish(),
  temperature: z.number().nullish(),
};

const Message = z.looseObject({
  role: z.string(),
  content: z
    .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
    .nullish(),
});
type Message = z.output<typeof Message>;

const ChatRequest = z.looseObject({
  ...common,
  messages: z.array(Message).min(1),
  max_completion_tokens: z.int().nullish(),
});

const CompletionRequest = z.looseObject({ ...common, prompt: z.union([z.string(), z.array(z.int())]) });

/** Checks the body of `POST /v1/chat/completions`. */
export function parseChat(body: unknown, servedModel: string): ParsedRequest {
  const parsed = ChatRequest.safeParse(body, { error: fieldRequired });
  if (!parsed.success) return malformed(parsed.error);
  const { messages, max_completion_tokens: maxCompletionTokens } = parsed.data;
  const texts = messages.map(textOf);
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  return check({ ...parsed.data, max_tokens: maxCompletionTokens ?? parsed.data.max_tokens }, servedModel, {
    prompt: texts.at(asked) ?? '',
    promptTokens: texts.reduce((total, text) => total + templateTokens + countTokens(text), 0),
  });
}

/** Checks the body of `POST /v1/completions`; the prompt is one text or one list of token numbers. */
export function parseCompletion(body: unknown, servedModel: string): ParsedRequest {
  const parsed = CompletionRequest.safeParse(body, { error: fieldRequired });
  if (!parsed.success) return malformed(parsed.error);
  const { prompt } = parsed.data;
  const text = typeof prompt === 'string' ? prompt : prompt.join(' ');
  return check(parsed.data, servedModel, { prompt: text, promptTokens: countTokens(text) });
}

type Common = z.output<z.ZodObject<typeof common>>;

/** The checks vLLM makes once the body has the right shape, in its order. */
function check(
  body: Common,
  servedModel: string,
  question: Pick<GenerationRequest, 'prompt' | 'promptTokens'>,
): ParsedRequest {
  const stream = body.stream ?? false;
  if (body.stream_options && !stream) {
    return badValue('stream_options', 'Stream options can only be defined when `stream=True`.');
  }
  if (body.model != null && body.model !== servedModel) {
    const message = `The model \`${body.model}\` does not exist.`;
    return { kind: 'refused', status: 404, body: errorBody(404, 'NotFoundError', message, 'model') };
  }
  const maxTokens = body.max_tokens ?? undefined;
  if (maxTokens !== undefined && maxTokens < 1) {
    return badValue('max_tokens', `max_tokens must be at least 1, got ${maxTokens}.`);
  }
  if (body.temperature != null && body.temperature < 0) {
    return badValue('temperature', `temperature must be non-negative, got ${body.temperature}.`);
  }
  if (body.n != null && body.n !== 1)
    return badValue('n', `This stand-in answers with n=1 only, got ${body.n}.`);
  const includeUsage = body.stream_options?.include_usage ?? false;
  return { kind: 'ok', request: { ...question, maxTokens, stream, includeUsage } };
}

function badValue(param: string, message: string): ParsedRequest {
  return { kind: 'refused', status: 400, body: errorBody(400, 'BadRequestError', message, param) };
}

/** The answer to a body of the wrong shape, `param` naming the first field at fault as `body.<path>`. */
function malformed(error: z.ZodError): ParsedRequest {
  const places = error.issues.map((issue) => ({ at: ['body', ...issue.path].join('.'), why: issue.message }));
  const count = `${places.length} validation ${places.length === 1 ? 'error' : 'errors'}:`;
  const message = [count, ...places.map(({ at, why }) => `  ${at}: ${why}`)].join('\n');
  return {
    kind: 'refused',
    status: 400,
    body: errorBody(400, 'Bad Request', message, places[0]?.at ?? 'body'),
  };
}

function fieldRequired({ input }: { readonly input?: unknown }): string | undefined {
  return input === undefined ? 'Field required' : undefined;
}

function textOf({ content }: Message): string {
  if (content == null) return '';
  if (typeof content === 'string') return content;
  return content.map((part) => part.text ?? '').join(' ');
}
