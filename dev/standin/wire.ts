import type { FinishReason } from './plan.ts';

/** Token counts of one answer. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** The JSON texts of one answer; every method returns a whole body or a whole SSE event. */
export interface Wire {
  /** What a stream says before its first token; may be empty. */
  readonly opening: string;
  token(text: string, finish: FinishReason | null): string;
  /** The event with the token counts, where the client asked for one. */
  usage(usage: Usage): string;
  /** The body of an answer that is not streamed. */
  whole(text: string, finish: FinishReason, usage: Usage): string;
}

/** Ends every stream. */
export const done = 'data: [DONE]\n\n';

/** One SSE event. */
export function event(body: unknown): string {
  return `data: ${JSON.stringify(body)}\n\n`;
}

/** Who answers: the parts that repeat in every event of one answer. */
export interface AnswerHead {
  readonly id: string;
  /** Unix time in seconds. */
  readonly created: number;
  readonly model: string;
}

/** The bodies of `/v1/chat/completions`. */
export function chatWire({ id, created, model }: AnswerHead): Wire {
  const chunk = { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created, model };
  const [before, after] = around(chunk, (text) => ({ index: 0, delta: { content: text }, logprobs: null }));
  const role = { index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null };
  return {
    opening: event({ ...chunk, choices: [role] }),
    token: (text, finish) => before + JSON.stringify(text) + after(finish),
    usage: (usage) => event({ ...chunk, choices: [], usage: usageBody(usage) }),
    whole: (text, finish, usage) => {
      const message = { role: 'assistant', content: text, refusal: null };
      const choice = { index: 0, message, logprobs: null, finish_reason: finish, stop_reason: null };
      return JSON.stringify({
        ...chunk,
        object: 'chat.completion',
        choices: [choice],
        usage: usageBody(usage),
      });
    },
  };
}

/** The bodies of `/v1/completions`. */
export function completionWire({ id, created, model }: AnswerHead): Wire {
  const chunk = { id: `cmpl-${id}`, object: 'text_completion', created, model };
  const [before, after] = around(chunk, (text) => ({ index: 0, text, logprobs: null }));
  return {
    opening: '',
    token: (text, finish) => before + JSON.stringify(text) + after(finish),
    usage: (usage) => event({ ...chunk, choices: [], usage: usageBody(usage) }),
    whole: (text, finish, usage) => {
      const choice = { index: 0, text, logprobs: null, finish_reason: finish, stop_reason: null };
      return JSON.stringify({ ...chunk, choices: [choice], usage: usageBody(usage) });
    },
  };
}

const slot = '\u0000text';

/** The text of a token event before and after the token: all but the token is written out once per answer. */
function around(chunk: object, choice: (text: string) => object) {
  const text = JSON.stringify({ ...chunk, choices: [choice(slot)] });
  const [before = '', rest = ''] = text.split(JSON.stringify(slot));
  const open = rest.slice(0, -'}]}'.length);
  const after = (finish: FinishReason | null): string =>
    finish === null
      ? `${open},"finish_reason":null}]}\n\n`
      : `${open},"finish_reason":"${finish}","stop_reason":null}]}\n\n`;
  return [`data: ${before}`, after] as const;
}

function usageBody({ promptTokens, completionTokens }: Usage) {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
    prompt_tokens_details: null,
  };
}
