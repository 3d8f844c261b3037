import type { ServerResponse } from 'node:http';
import { engineFault, injected } from './api-errors.ts';
import type { EngineMetrics } from './engine-metrics.ts';
import type { LiveBehaviour } from './live-behaviour.ts';
import { planRequest, type Plan } from './plan.ts';
import { playTokens } from './playback.ts';
import type { GenerationRequest } from './requests.ts';
import type { Slots } from './slots.ts';
import { streamedReply, wholeReply, writeJson, type Reply } from './reply.ts';
import type { Wire } from './wire.ts';

/** What every generation of one server shares. */
export interface Engine {
  readonly behaviour: LiveBehaviour;
  readonly slots: Slots;
  readonly metrics: EngineMetrics;
}

/** Answers one checked request as its plan says; a client that leaves ends it at once. */
export async function generate(
  engine: Engine,
  request: GenerationRequest,
  wire: Wire,
  response: ServerResponse,
): Promise<void> {
  const arrivedMs = performance.now();
  const plan = planRequest(engine.behaviour.current, engine.behaviour.takeNumber(), request);
  if (plan.kind === 'refuse') {
    writeJson(response, plan.status, JSON.stringify(injected[plan.status]));
    return;
  }
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
  });
  const reply = (request.stream ? streamedReply : wholeReply)(response, wire, plan);
  const release = await engine.slots.acquire(request.promptTokens + plan.tokens.length, gone.signal);
  if (!release) return;
  try {
    await run({ engine, request, plan, reply, arrivedMs, signal: gone.signal });
  } finally {
    release();
  }
}

interface Run {
  readonly engine: Engine;
  readonly request: GenerationRequest;
  readonly plan: Extract<Plan, { kind: 'answer' }>;
  readonly reply: Reply;
  readonly arrivedMs: number;
  readonly signal: AbortSignal;
}

async function run({ engine, request, plan, reply, arrivedMs, signal }: Run): Promise<void> {
  const { metrics } = engine;
  const { promptTokens, maxTokens } = request;
  const admittedMs = performance.now();
  let firstTokenMs = admittedMs;
  let lastTokenMs = admittedMs;
  const emit = (from: number, to: number): void => {
    const nowMs = performance.now();
    if (from === 0) {
      firstTokenMs = lastTokenMs = nowMs;
      metrics.firstToken(promptTokens, nowMs - arrivedMs);
    }
    const later = to - Math.max(from, 1);
    if (later > 0) metrics.moreTokens(later, nowMs - lastTokenMs);
    lastTokenMs = nowMs;
    reply.tokens(from, to);
  };
  if (!(await playTokens(plan.dueMs, emit, signal))) return;
  // Before the client can see the end, so that whoever has the answer finds it counted.
  const tokens = plan.tokens.length;
  const { finish } = plan;
  metrics.finished({
    finish,
    promptTokens,
    tokens,
    maxTokens,
    arrivedMs,
    admittedMs,
    firstTokenMs,
    lastTokenMs,
  });
  if (finish === 'error') reply.fail(engineFault);
  else reply.end({ promptTokens, completionTokens: tokens }, request.includeUsage);
}
