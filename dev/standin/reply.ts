import type { ServerResponse } from 'node:http';
import type { ErrorBody } from './api-errors.ts';
import type { Plan } from './plan.ts';
import { done, event, type Usage, type Wire } from './wire.ts';

type AnswerPlan = Extract<Plan, { kind: 'answer' }>;

/** Where the tokens of a planned answer go. */
export interface Reply {
  /** The tokens [from, to) of the plan came out. */
  tokens(from: number, to: number): void;
  end(usage: Usage, includeUsage: boolean): void;
  /** The engine failed after the last token. */
  fail(body: ErrorBody): void;
}

/** Server-sent events. The status goes out at once, as in vLLM: a later fault cannot change it. */
export function streamedReply(response: ServerResponse, wire: Wire, plan: AnswerPlan): Reply {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
  // A stream that breaks off names no reason to finish.
  const last = plan.finish === 'error' ? -1 : plan.tokens.length - 1;
  return {
    tokens: (from, to) => {
      let events = from === 0 ? wire.opening : '';
      for (let place = from; place < to; place += 1) {
        events += wire.token(plan.tokens[place] ?? '', place === last ? plan.finish : null);
      }
      response.write(events);
    },
    end: (usage, includeUsage) => {
      response.end((includeUsage ? wire.usage(usage) : '') + done);
    },
    fail: (body) => {
      response.end(event(body) + done);
    },
  };
}

/** One JSON body after the last token. */
export function wholeReply(response: ServerResponse, wire: Wire, plan: AnswerPlan): Reply {
  return {
    tokens: () => undefined,
    end: (usage) => {
      writeJson(response, 200, wire.whole(plan.tokens.join(''), plan.finish, usage));
    },
    fail: (body) => {
      writeJson(response, body.error.code, JSON.stringify(body));
    },
  };
}

/** Ends `response` with a JSON text. */
export function writeJson(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
