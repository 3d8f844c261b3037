import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { outcomesTable, plan, playMany, rows } from '../../../dev/evidence/tables.ts';
import { fixedThreshold, proving } from '../../../dev/evidence/watchers.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';

const halfHour = 1_800_000;
/** No gates: they would end a canary at the guard's limit before its guard could. */
const guarded: Plan = {
  ...plan,
  phases: [10, 100].map((weightPercent) => {
    return { weightPercent, bakeMs: halfHour, gates: [], requireApproval: false };
  }),
  keepOldMs: halfHour,
};
const times = 10_000;

describe('10,000 rollouts of a canary that keeps its limit only just, looked at every 10 s', () => {
  const [guard] = plan.guards;
  const limit = guard?.criterion.metric === 'error-rate' ? guard.criterion.maxShare : NaN;
  const atTheLimit = { requestsPerSecond: 10, errorShare: () => limit };
  const rolledBack = (played: readonly { readonly outcome: string }[]) =>
    played.filter((it) => it.outcome === 'rolledBack').length / played.length;

  test('are rolled back no more often than the plan allows one of its two guards', () => {
    const share = rolledBack(playMany(guarded, atTheLimit, proving(guarded), times));
    expect(share).toBeLessThan(guarded.risk.falseRollback / guarded.guards.length);
    // It is not that nothing ever is.
    const risky = { ...guarded, risk: { ...guarded.risk, falseRollback: 0.5 } };
    expect(rolledBack(playMany(risky, atTheLimit, proving(risky), 1000))).toBeGreaterThan(0.005);
  });

  test('are nearly all rolled back by a fixed threshold', () => {
    expect(rolledBack(playMany(guarded, atTheLimit, fixedThreshold(guarded), 1000))).toBeGreaterThan(0.99);
  });
});

test('docs/evidence.md has the table that the script makes', async () => {
  const page = await readFile('docs/evidence.md', 'utf8');
  const lines = (text: string) => text.split('\n').map((it) => it.replaceAll(/[ -]+/g, ' '));
  // Those that end soon, so that 1,000 of them are played in no time.
  const quick = rows.filter(({ what }) => /^(20|100) % errors/.test(what));
  const [, , ...made] = lines(outcomesTable(quick, 1000));
  expect(made.length).toBeGreaterThan(3);
  for (const line of made) expect(lines(page)).toContain(line);
});
