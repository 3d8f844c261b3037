import { boundOf } from '../../../src/domain/plan/limit.ts';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { outcomesTable, plan, playMany, rows } from '../../../dev/evidence/tables.ts';
import { fixedThreshold, proving } from '../../../dev/evidence/watchers.ts';
import { judgeCriterion } from '../../../src/domain/analysis/judge.ts';
import { gateStandard, guardStandards } from '../../../src/domain/analysis/standards.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { measured } from '../../domain/analysis/arms.ts';

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
  const limit = guard === undefined ? NaN : boundOf(guard.criterion).limit;
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

test('docs/evidence.md quotes what Sluice says', async () => {
  const [first, , third] = plan.phases.map((phase) => phase.gates[0]);
  const [guard] = plan.guards;
  if (first === undefined || third === undefined || guard === undefined) throw new Error('no gates');
  const ofGuard = guardStandards(plan, guard, 60_000)[0]?.standard;
  if (ofGuard === undefined) throw new Error('a guard looks at something');
  const said = [
    [third.criterion, gateStandard(plan, third, 'planned'), { requests: 72_000, failed: 36 }],
    [guard.criterion, ofGuard, { requests: 412, failed: 20 }],
    [first.criterion, gateStandard(plan, first, 'planned'), { requests: 360, failed: 0 }],
    [third.criterion, gateStandard(plan, third, 'planned'), { requests: 2000, failed: 1 }],
  ] as const;
  const sentences = said.map(
    ([criterion, standard, counts]) => judgeCriterion(criterion, standard, measured(counts)).sentence,
  );
  expect(await readFile('docs/evidence.md', 'utf8')).toContain(`\n${sentences.join('\n')}\n`);
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
