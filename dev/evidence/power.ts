import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { gateStandard, guardStandards } from '../../src/domain/analysis/standards.ts';
import type { Standard } from '../../src/domain/analysis/standard.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import { markdownTable } from '../../src/domain/rollout/markdown.ts';
import { shareUpTo, usual } from '../../src/domain/simulation/behaviour.ts';
import { drawBinomial } from '../../src/domain/simulation/draws.ts';
import { seededRandom } from '../../src/domain/simulation/random.ts';
import { exactSizeFor, type ExactQuestion } from '../../src/domain/statistics/exact-power.ts';
import type { Proportion } from '../../src/domain/statistics/proportion.ts';
import { plan, playMany } from './tables.ts';
import { proving } from './watchers.ts';

/** In how many of all rollouts something is to be proven. */
const power = 0.8;
const seed = 1;
/** Both guards hold a share against it: of requests that fail, and of those above three times stable's p99. */
const limit = 0.01;

export interface Bad {
  readonly what: string;
  /** Of its requests that fail, or are slower than they may be. */
  readonly share: number;
  /** Which part of the doubt is the canary's: a comparison needs the other half for stable. */
  readonly doubt: number;
}

const failing = (percent: number): Bad => ({
  what: `${percent} % errors, limit 1 %`,
  share: percent / 100,
  doubt: 1,
});

/** Of a canary that is so many times as slow as stable, the share of requests that take longer than its p99 may. */
function shareBeyond(times: number, allowedTimes: number): number {
  const { median, spread } = usual.sizes['e2e-latency'];
  const allowed = allowedTimes * median * Math.exp(spread * normalQuantile(0.99, 0, 1));
  return 1 - shareUpTo(allowed, { median: median * times, spread });
}

const slow = (times: number): Bad => {
  const share = shareBeyond(times, 3);
  const what = `p99 ${times} times stable's, limit 3 times: ${(share * 100).toFixed(1)} % above that`;
  return { what, share, doubt: 1 / 2 };
};

export const bad: readonly Bad[] = [...[2, 5, 20, 100].map(failing), slow(3.5), slow(5)];

/** What keeps the limit of a gate. */
const clean = [
  ...[0, 0.0002, 0.0005].map((share) => {
    const what = `${Number((share * 100).toFixed(4))} % errors, limit 0.1 %`;
    return { what, share, limit: 0.001, doubt: 1 };
  }),
  ...[1, 1.5].map((times) => {
    const what = `p99 ${times === 1 ? 'as' : `${times} times`} stable's, limit twice`;
    return { what, share: shareBeyond(times, 2), limit: 0.01, doubt: 1 / 2 };
  }),
];

/** What it takes to see that a canary is bad; Markdown. */
export function powerTable(some: readonly Bad[], times: number): string {
  const { gate, guard } = standards();
  const head = ['canary', 'one look of a gate', 'proven there', 'one look as sure as a guard', 'guard'];
  const lines = some.map(({ what, share, doubt }) => {
    const atGate = { share, limit, alpha: gate.alpha.fail * doubt };
    const atGuard = { share, limit, alpha: guard.alpha.fail * doubt };
    const size = exactSizeFor(atGate, power);
    return [
      what,
      written(size),
      proven(gate, atGate, size, times),
      written(exactSizeFor(atGuard, power)),
      written(untilBreach(share, doubt, times)),
    ];
  });
  return markdownTable(head, lines);
}

/** What it takes a clean canary to pass the gates that ask for proof; Markdown. */
export function cleanTable(times: number): string {
  const { gate } = standards();
  const head = ['canary', 'requests', 'proven there', 'with 5 requests/s'];
  const lines = clean.map(({ what, share, limit: held, doubt }) => {
    const question = { share, limit: held, alpha: gate.alpha.pass * doubt };
    const size = exactSizeFor(question, power);
    const minutes = Math.ceil(size / 5 / 60);
    return [what, written(size), proven(gate, question, size, times), `${minutes} min`];
  });
  return markdownTable(head, lines);
}

/** How sure the built-in plan's first gate is, and its guard of the same metric in the look back to the start. */
function standards(): { readonly gate: Standard; readonly guard: Standard } {
  const [gate, guard] = [plan.phases[0]?.gates[0], plan.guards[0]];
  const look = guard === undefined ? undefined : guardStandards(plan, guard, plan.guardIntervalMs)[0];
  if (gate === undefined || look === undefined) throw new RangeError('the plan has a gate and a guard');
  return { gate: gateStandard(plan, gate, 'planned'), guard: look.standard };
}

/** Of so many canaries, how many are proven to be on their side of the limit. */
function proven({ looking }: Standard, question: ExactQuestion, total: number, times: number): string {
  const { share, limit: held, alpha } = question;
  const isProven = (counts: Proportion) =>
    share > held ? looking.share.isAbove(counts, held, alpha) : looking.share.isBelow(counts, held, alpha);
  const random = seededRandom(seed);
  const drawn = Array.from({ length: times }, () => ({ bad: drawBinomial(total, share, random), total }));
  return `${((drawn.filter(isProven).length / times) * 100).toFixed(0)} %`;
}

/** In one phase that does not end, with one request from look to look. */
function untilBreach(share: number, doubt: number, times: number): number {
  const perLook = { requestsPerSecond: 100_000 / plan.guardIntervalMs, errorShare: () => share };
  const [first, ...others] = plan.phases;
  if (first === undefined) throw new RangeError('the plan has a phase');
  const endless: Plan = {
    ...plan,
    risk: { ...plan.risk, falseRollback: plan.risk.falseRollback * doubt },
    phases: [{ ...first, weightPercent: 1, bakeMs: Number.MAX_SAFE_INTEGER }, ...others],
  };
  const requests = playMany(endless, perLook, proving(endless), times)
    .map(({ afterMs }) => afterMs / plan.guardIntervalMs)
    .sort((one, other) => one - other);
  return requests[Math.ceil(power * times) - 1] ?? NaN;
}

function written(count: number): string {
  return count.toLocaleString('en-US');
}
