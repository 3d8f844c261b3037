import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '../../dev/cluster/wait.ts';
import { startLoad } from '../../dev/load/run.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import type { GuardProgress } from '../../src/domain/rollout/guarding.ts';
import { abort } from '../../src/workflows/messages.ts';
import { deployJudgedService, type JudgedService } from '../support/judged-service.ts';
import { pendingActivity } from '../support/pending-activities.ts';
import { metricsPlan, quickPlan } from '../support/plans.ts';
import { RealWorker } from '../support/real-worker.ts';
import { standinRelease } from '../support/releases.ts';
import { testAddresses } from '../support/test-platform.ts';

const second = 1000;
const { PROMETHEUS_URL } = testAddresses();

/** Users ask for a word, the judge for a page: of a small canary's requests most are the judge's. */
describe('a judge beside users', () => {
  let worker: RealWorker;
  let service: JudgedService;

  beforeAll(async () => {
    worker = await RealWorker.open();
    service = await deployJudgedService('beside', { slow: { latencyMs: 100 } });
  });
  afterAll(async () => {
    await worker.close();
    await service.remove();
  });

  const plan = (): Plan => {
    const plan = quickPlan();
    const dear = { metric: 'cost-per-request', maxRatio: 1.5 } as const;
    return {
      ...plan,
      target: { ...plan.target, namespace: service.namespace },
      release: standinRelease('v2'),
      metrics: metricsPlan({ url: PROMETHEUS_URL }),
      guards: [
        {
          criterion: dear,
          evidence: 'estimate',
          minimumSamples: 50,
          sustainedForMs: 0,
          windowMs: 60 * second,
        },
      ],
      guardIntervalMs: second,
      phases: [
        { weightPercent: 10, bakeMs: 600 * second, gates: [], requireApproval: false },
        { weightPercent: 100, bakeMs: 0, gates: [], requireApproval: false },
      ],
      keepOldMs: second,
      judge: service.judge('slow', { atWeights: [10] }),
    };
  };

  test("the canary's cost is judged by its users' requests alone, once the judge's have come in", async () => {
    const { gateway: url, host } = service;
    const users = { url, headers: { host }, model: 'llama', ratePerSecond: 40, maxTokens: 4 };
    const load = startLoad(users);
    const run = await worker.start(plan());
    const seen = new Set<string>();
    const costs = async (): Promise<string | undefined> => {
      const pending = await pendingActivity(run.handle, 'watchGuards');
      const [verdict] = (pending?.details as GuardProgress | null | undefined)?.verdicts ?? [];
      seen.add(verdict?.gap ?? verdict?.outcome ?? 'nothing');
      return verdict?.outcome;
    };
    const knowsOrEnded = async () => {
      const { outcome } = await run.state();
      return (await costs()) === 'pass' || outcome !== null ? true : undefined;
    };
    await waitFor('the guard to know the cost', knowsOrEnded, {
      ...{ timeoutMs: 180 * second, everyMs: 500 },
      seen: () => [...seen].join(', '),
    });
    const { judged, outcome } = await run.state();
    expect(outcome).toBeNull();
    expect(judged).toMatchObject([{ attempts: 1, verdicts: [{ outcome: 'pass' }] }]);
    expect([...seen]).toContain('judgeAsks');
    expect([...seen].at(-1)).toBe('pass');
    await run.handle.signal(abort, { by: 'ann', reason: 'a test' });
    expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'abort' });
    await load.stop();
  }, 300_000);
});
