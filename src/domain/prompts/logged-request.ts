import { promptLimits, type ChatMessage } from '../judge/prompts.ts';

export type LoggedRequest =
  | { readonly kind: 'prompt'; readonly messages: readonly ChatMessage[] }
  /** @property why of so many lines: without what stands in this one. */
  | { readonly kind: 'unusable'; readonly why: string };

type Json = Readonly<Record<string, unknown>>;

/** Of a log's line deeper than any that is known: LiteLLM has `proxy_server_request.body.messages`. */
const deepest = 5;
/** What came back is no request. */
const answers = new Set(['response', 'responses', 'output', 'outputs', 'choices', 'result', 'error']);

/**
 * The request in a line of a log: the body of a chat or text completion, wherever it is. The one that is nearest to the
 * top is taken; in maps, and in texts that are JSON themselves.
 */
export function requestIn(line: unknown): LoggedRequest {
  let level: unknown[] = [line];
  for (let depth = 0; depth < deepest && level.length > 0; depth += 1) {
    const maps = level.map(opened).filter(isMap);
    for (const map of maps) if (Array.isArray(map['messages'])) return fromMessages(map['messages']);
    for (const map of maps)
      if (map['prompt'] !== undefined && !isMap(map['prompt'])) return fromPrompt(map['prompt']);
    level = maps.flatMap((map) => Object.keys(map).flatMap((key) => (answers.has(key) ? [] : [map[key]])));
  }
  return unusable('neither messages nor a prompt');
}

function opened(value: unknown): unknown {
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fromPrompt(prompt: unknown): LoggedRequest {
  // vLLM takes a list, an answer for each.
  const text: unknown = Array.isArray(prompt) && prompt.length === 1 ? prompt[0] : prompt;
  if (typeof text !== 'string') return unusable('a prompt that is no text');
  return checked([{ role: 'user', content: text }]);
}

function fromMessages(messages: readonly unknown[]): LoggedRequest {
  const read: ChatMessage[] = [];
  for (const it of messages) {
    const message = readMessage(it);
    if (typeof message === 'string') return unusable(message);
    read.push(message);
  }
  // Some logs add the answer; what is asked ends with a person's words.
  const last = read.findLastIndex((it) => it.role === 'user');
  if (last < 0) return unusable('no message of a user');
  return checked(read.slice(0, last + 1));
}

/** @returns what speaks against it, for one that cannot be asked again. */
function readMessage(message: unknown): ChatMessage | string {
  if (!isMap(message)) return 'a message that is no map';
  const { role, content } = message;
  if (
    role === 'tool' ||
    role === 'function' ||
    message['tool_calls'] != null ||
    message['function_call'] != null
  )
    return 'calls of tools';
  const known = roles[String(role)];
  if (known === undefined) return 'a message of an unknown role';
  const text = textOf(content);
  return text === null ? 'content that is no text' : { role: known, content: text };
}

const roles: Readonly<Record<string, ChatMessage['role']>> = {
  system: 'system',
  // OpenAI's newer name.
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
};

/** Parts of a message are one text, unless one of them is a picture or the like. */
function textOf(content: unknown): string | null {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  const parts = content.map((it: unknown) => {
    if (typeof it === 'string') return it;
    return isMap(it) && typeof it['text'] === 'string' ? it['text'] : null;
  });
  return parts.includes(null) ? null : parts.join('\n');
}

function checked(messages: readonly ChatMessage[]): LoggedRequest {
  if (messages.length > promptLimits.messages) return unusable(`more than ${promptLimits.messages} messages`);
  if (messages.some((it) => it.content.trim() === '')) return unusable('an empty message');
  if (messages.some((it) => it.content.length > promptLimits.text))
    return unusable(`a message of more than ${promptLimits.text} characters`);
  return { kind: 'prompt', messages };
}

function unusable(why: string): LoggedRequest {
  return { kind: 'unusable', why };
}

/** What a line says at `path` (`metadata.team`), as the category of its prompt; null where it says nothing there. */
export function categoryAt(line: unknown, path: string): string | null {
  const found = path.split('.').reduce<unknown>((at, key) => {
    const map = opened(at);
    return isMap(map) && Object.hasOwn(map, key) ? map[key] : undefined;
  }, line);
  if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') return null;
  return String(found).trim().slice(0, promptLimits.category) || null;
}
