import { setTimeout as delay } from 'node:timers/promises';
import type { KubernetesObject, V1Deployment } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startLoad, type RunningLoad } from '../../dev/load/run.ts';
import type { Criterion, GatePlan, GuardPlan, PhasePlan, Plan } from '../../src/domain/plan/plan.ts';
import type { RolloutOutcome } from '../../src/domain/rollout/state.ts';
import { startScoreServer } from '../adapters/values/score-server.ts';
import { openBreakablePrometheus } from '../support/breakable-prometheus.ts';
import { deployService, type ServiceUnderTest } from '../support/namespace.ts';
import { metricsPlan, quickPlan } from '../support/plans.ts';
import { RealWorker } from '../support/real-worker.ts';
import { standinRelease } from '../support/releases.ts';
import { testAddresses } from '../support/test-platform.ts';

const second = 1000;
const { PROMETHEUS_URL } = testAddresses();

/**
 * How stable answers: in about 300 ms, nearly never in more than 500, where Envoy's histogram ends a bucket. Most of the
 * slow canary's answers take more than a second, in the bucket that ends at 2.5: what p99 lies in it is plain whatever a
 * busy machine adds.
 */
const usual = { ttft: { medianMs: 150, p99Ms: 200 }, interToken: { medianMs: 10, p99Ms: 13 } };
const slow = { ttft: { medianMs: 525, p99Ms: 700 }, interToken: { medianMs: 35, p99Ms: 46 } };

const errors: Criterion = { metric: 'error-rate', max: 0.01 };
const p99: Criterion = { metric: 'e2e-latency', quantile: 0.99, maxRatio: 3 };

const guard = (criterion: Criterion): GuardPlan => {
  return { criterion, evidence: 'proven', minimumSamples: 20, sustainedForMs: 0, windowMs: 10 * second };
};
const gate = (criterion: Criterion, evidence: GatePlan['evidence'] = 'proven'): GatePlan => {
  return { criterion, evidence, minimumSamples: 50 };
};

/** Real canaries that are bad in one way each, real traffic, and the built-in limits: what the evidence says of each. */
describe('what becomes of a canary', () => {
  let worker: RealWorker;
  let service: ServiceUnderTest;
  let load: RunningLoad;

  beforeAll(async () => {
    worker = await RealWorker.open();
    service = await deployService('evidence', { canary: false, change: withUsualBehaviour });
    const { gateway: url, host } = service;
    load = startLoad({ url, headers: { host }, model: 'llama', ratePerSecond: 30 });
    // No measurement reaches back beyond the first scrape.
    await delay(15 * second);
  });
  afterAll(async () => {
    await load.stop();
    await worker.close();
    await service.remove();
  });

  /** One phase at 50 %: half a minute where gates look at its end, minutes where a guard ends it before. */
  const planOf = (behaviour: object, gates: readonly GatePlan[], changes: Partial<Plan> = {}): Plan => {
    const plan = quickPlan();
    return {
      ...plan,
      target: { ...plan.target, namespace: service.namespace },
      release: standinRelease('v2', { behaviour: { ...usual, ...behaviour } }),
      metrics: metricsPlan({ url: PROMETHEUS_URL }),
      guards: [guard(errors), guard(p99)],
      guardIntervalMs: second,
      phases: [
        { weightPercent: 50, bakeMs: (gates.length > 0 ? 30 : 240) * second, gates, requireApproval: false },
        { weightPercent: 100, bakeMs: 0, gates: [], requireApproval: false },
      ],
      hold: { limitMs: 10 * second, then: 'rollBack' },
      keepOldMs: second,
      ...changes,
    };
  };
  const play = async (plan: Plan): Promise<RolloutOutcome> => (await worker.start(plan)).outcome();

  test('2 % errors: its gate proves that it breaks 0.1 %', async () => {
    const bad = { errors: { http500PerThousand: 20 } };
    const plan = planOf(bad, [gate({ metric: 'error-rate', max: 0.001 })]);
    // Half a minute has, once in fifty times, fewer than the four errors that prove it.
    const outcome = await play(withFirstPhase(plan, { bakeMs: 60 * second }));
    expect(outcome).toMatchObject({ status: 'rolledBack', reason: 'gate' });
    expect(outcome.sentence).toMatch(/^error rate \S+ % of \d+ requests \(.*\), limit < 0.1 %$/);
  });

  test('3.5 times the latency: a guard proves that p99 is more than three times stable’s', async () => {
    // That stable's p99 is low takes 900 of its requests, and more for each slow one: stable gets nine of ten.
    const plan = planOf(slow, []);
    const run = await worker.start(withFirstPhase(plan, { weightPercent: 10 }));
    const outcome = await run.outcome();
    expect(outcome).toMatchObject({ status: 'rolledBack', reason: 'breach' });
    expect((await run.state()).weights.map(({ percent }) => percent)).toEqual([10, 0]);
    expect(outcome.sentence).toMatch(/^p99 latency \S+ m?s, \S+ x stable's .*, limit < 3 x$/);
  });

  test('twice as many tokens an answer: a gate on tokens proves it', async () => {
    const tokens: Criterion = { metric: 'tokens-per-request', quantile: 0.5, maxRatio: 1.5 };
    const outcome = await play(planOf({ answer: { meanTokens: 32, spreadTokens: 4 } }, [gate(tokens)]));
    expect(outcome).toMatchObject({ status: 'rolledBack', reason: 'gate' });
    expect(outcome.sentence).toMatch(
      /^p50 tokens per request \d+, 2\.?\d* x stable's 1\d .*, limit < 1.5 x$/,
    );
  });

  test('three times as many: it costs more than twice as much, and a guard proves that', async () => {
    const cost: Criterion = { metric: 'cost-per-request', maxRatio: 2 };
    const dear = { answer: { meanTokens: 48, spreadTokens: 4 } };
    const outcome = await play(planOf(dear, [], { guards: [guard(errors), guard(cost)] }));
    expect(outcome).toMatchObject({ status: 'rolledBack', reason: 'breach' });
    expect(outcome.sentence).toMatch(
      /^cost per request \S+, 2\.?\d* x stable's \S+ \(\S+ x to \S+ x\), limit < 2 x$/,
    );
  });

  test('a score that somebody else computes, and that stays too low: a guard on it rolls back', async () => {
    const scores = await startScoreServer();
    scores.answer = (request, response) => {
      response.end(JSON.stringify({ data: { score: request.url === '/canary' ? 0.7 : 0.9 } }));
    };
    const web = {
      stable: `${scores.url}/stable`,
      canary: `${scores.url}/canary`,
      path: '$.data.score',
      headers: {},
    };
    const metrics = metricsPlan({ url: PROMETHEUS_URL, custom: [{ name: 'quality', web }] });
    const quality: GuardPlan = {
      ...guard({ metric: 'custom', name: 'quality', minDifference: -0.1 }),
      ...{ evidence: 'estimate', sustainedForMs: 3 * second },
    };
    const outcome = await play(planOf({}, [], { metrics, guards: [guard(errors), quality] }));
    expect(outcome).toMatchObject({ status: 'rolledBack', reason: 'breach' });
    expect(outcome.sentence).toMatch(/0\.7, 0\.2 less than stable's 0\.9, limit > -0\.1$/);
    await scores.close();
  });

  test('errors after the first streamed token: vLLM’s own counters tell, where the gateway sees a 200', async () => {
    const metrics = metricsPlan({ url: PROMETHEUS_URL, source: 'vllm' });
    const outcome = await play(planOf({ errors: { streamedPerThousand: 200 } }, [], { metrics }));
    expect(outcome).toMatchObject({ status: 'rolledBack', reason: 'breach' });
    expect(outcome.sentence).toMatch(/^error rate \d+ % of \d+ requests .*, limit < 1 %$/);
  });

  test('Prometheus away for a minute: it holds, and goes on when there are numbers again', async () => {
    const prometheus = await openBreakablePrometheus(PROMETHEUS_URL);
    const metrics = metricsPlan({ url: prometheus.url });
    const hold = { limitMs: 300 * second, then: 'rollBack' } as const;
    const plan = planOf({}, [gate(errors, 'noBreach')], { metrics, hold });
    const run = await worker.start({ ...plan, release: standinRelease('v3', { behaviour: usual }) });
    await run.reaches('baking');
    await prometheus.refuse();
    const { holdReason, weightPercent } = await run.reaches('holding');
    expect(holdReason).toMatch(/^error rate not judged, metrics provider failed: Prometheus: no connection/);
    expect(weightPercent).toBe(50);
    await delay(30 * second);
    expect(await run.state()).toMatchObject({ status: 'holding', weightPercent: 50 });
    await prometheus.recover();
    expect(await run.outcome()).toMatchObject({ status: 'promoted', leftToDo: [] });
    await prometheus.close();
  });

  test('no traffic: no gate passes, and when the hold is over it is rolled back', async () => {
    await load.stop();
    // What was sent before must not be counted for it.
    const outcome = await play(planOf({}, [gate(errors, 'noBreach'), gate(p99, 'noBreach')]));
    expect(outcome).toMatchObject({ status: 'rolledBack', reason: 'holdLimit' });
    expect(outcome.sentence).toMatch(/error rate not judged: no request has ended/);
  });
});

function withFirstPhase(plan: Plan, changes: Partial<PhasePlan>): Plan {
  return { ...plan, phases: plan.phases.map((it, index) => (index === 0 ? { ...it, ...changes } : it)) };
}

function withUsualBehaviour(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Deployment') return object;
  const deployment = structuredClone(object) as V1Deployment;
  for (const container of deployment.spec?.template.spec?.containers ?? [])
    (container.env ??= []).push({ name: 'BEHAVIOUR', value: JSON.stringify(usual) });
  return deployment;
}
