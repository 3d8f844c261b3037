import os from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { planDigest } from '../../src/cli/rollouts/digest.ts';
import { readMemo } from '../../src/cli/rollouts/memo.ts';
import { placeFlags, rolloutOfWorkflowId, workflowIdOfRollout } from '../../src/cli/rollouts/name.ts';
import { orderId } from '../../src/cli/rollouts/send.ts';
import { startDetails, startSummary } from '../../src/cli/rollouts/static-details.ts';
import { whoAsks } from '../../src/cli/who.ts';
import { baking, plan } from '../support/cli-states.ts';

describe('the digest of a plan', () => {
  test('does not depend on the order of fields', () => {
    const turned = Object.fromEntries(Object.entries(plan).reverse()) as unknown as typeof plan;
    expect(Object.keys(turned)[0]).not.toBe(Object.keys(plan)[0]);
    expect(planDigest(turned)).toBe(planDigest(plan));
  });

  test('depends on everything else, the order of phases too', () => {
    const digests = [
      plan,
      { ...plan, keepOldMs: 0 },
      { ...plan, release: { ...plan.release, patch: { spec: {} } } },
      { ...plan, phases: plan.phases.toReversed() },
    ].map(planDigest);
    expect(new Set(digests).size).toBe(4);
  });

  test('is the same after the way through Temporal', () => {
    expect(planDigest(JSON.parse(JSON.stringify(plan)) as typeof plan)).toBe(planDigest(plan));
  });
});

describe('names', () => {
  test('a workflow id and back', () => {
    const rollout = { cluster: 'eu-1', namespace: 'llm', name: 'vllm' };
    expect(rolloutOfWorkflowId(workflowIdOfRollout(rollout))).toEqual(rollout);
    expect(rolloutOfWorkflowId('rollout/a/b')).toBeNull();
    expect(rolloutOfWorkflowId('rollout/a/b/c/d')).toBeNull();
    expect(rolloutOfWorkflowId('other/a/b/c')).toBeNull();
  });

  test('flags only for what is not the default', () => {
    expect(placeFlags({ cluster: 'default', namespace: 'default' })).toBe('');
    expect(placeFlags({ cluster: 'eu-1', namespace: 'llm' })).toBe(' -n llm --cluster eu-1');
  });
});

describe('the id of an order', () => {
  const order = { by: 'anna', reason: 'r' };

  test('sent twice in one bake it is one order, whoever sends it', () => {
    const first = orderId({ verb: 'advance', full: false, ...order }, baking);
    const second = orderId({ verb: 'advance', full: false, by: 'bert', reason: 'too' }, baking);
    expect(first).toBe(second);
    expect(first).toMatch(/^advance\/1\/baking\/\d+$/);
  });

  test('in the next bake it is another, and so is --full', () => {
    const ids = [
      orderId({ verb: 'advance', full: false, ...order }, baking),
      orderId({ verb: 'advance', full: true, ...order }, baking),
      orderId({ verb: 'advance', full: false, ...order }, { ...baking, phase: 2 }),
      orderId({ verb: 'advance', full: false, ...order }, { ...baking, status: 'holding' }),
      orderId({ verb: 'approve', ...order }, { ...baking, status: 'awaitingApproval' }),
    ];
    expect(new Set(ids).size).toBe(5);
  });

  test('hold and resume can be given again', () => {
    expect(orderId({ verb: 'hold', ...order }, baking)).toBeUndefined();
    expect(orderId({ verb: 'resume', ...order }, baking)).toBeUndefined();
  });
});

test('a memo that somebody else wrote is read as far as it goes', () => {
  expect(readMemo({ version: 'v2', startedBy: 7 })).toEqual({ version: 'v2' });
  expect(readMemo(undefined)).toEqual({});
});

describe('what Temporal’s UI shows', () => {
  test('summary and details', () => {
    expect(startSummary(plan)).toBe('vllm to v2 (llm, default)');
    const details = startDetails({ plan, startedBy: 'anna', reason: 'release day' });
    expect(details).toContain('**vllm** to **v2**, started by anna: release day');
    expect(details).toMatch(
      /2\s+\| 10 %\s+\| 2 h\s+\| no breach: error-rate < 0.1 %, e2e-latency p99 < 2 x stable\s+\|/,
    );
    expect(details).toContain('\n\n- error-rate < 1 %, proven\n');
    expect(details).toContain('kept for 24 h. A hold that nobody ends for 24 h rolls back.');
    expect(details).toContain('sluice abort vllm -n llm');
  });

  test('never more than Temporal accepts', () => {
    const details = startDetails({ plan, startedBy: 'anna', reason: 'ä'.repeat(30_000) });
    expect(Buffer.byteLength(details)).toBeLessThanOrEqual(20_000);
    const long = { ...plan, target: { ...plan.target, namespace: '✓'.repeat(300) } };
    expect(Buffer.byteLength(startSummary(long))).toBeLessThanOrEqual(400);
  });
});

describe('who asks', () => {
  test.each([
    [{ GITHUB_ACTOR: 'octocat', GITLAB_USER_LOGIN: 'tanuki' }, 'octocat'],
    [{ GITHUB_ACTOR: '', GITLAB_USER_LOGIN: 'tanuki' }, 'tanuki'],
    [{}, `${os.userInfo().username}@${os.hostname()}`],
  ])('%o: %s', (env, who) => {
    expect(whoAsks(env)).toBe(who);
  });
});
