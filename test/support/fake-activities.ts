import { Context } from '@temporalio/activity';
import type { Order, RolloutActivities } from '../../src/activities/types.ts';
import type { JudgeReport } from '../../src/domain/judge/report.ts';
import type { Verdict } from '../../src/domain/analysis/verdict.ts';

type Name = keyof RolloutActivities;

/** One call of an activity, in the order in which they began. */
export interface Call {
  readonly name: Name;
  readonly epoch: number;
  readonly attempt: number;
  readonly weightPercent: number | undefined;
  readonly replicas: number | undefined;
}

/** Activities that note their calls; any of them can be replaced. */
export class FakeActivities {
  readonly calls: Call[] = [];
  readonly #replaced: Partial<RolloutActivities>;

  constructor(replaced: Partial<RolloutActivities> = {}) {
    this.#replaced = replaced;
  }

  get names(): Name[] {
    return this.calls.map((it) => it.name);
  }

  /** What a worker registers. */
  get activities(): RolloutActivities {
    const names = Object.keys(good) as Name[];
    return Object.fromEntries(
      names.map((name) => [name, this.#noting(name)]),
    ) as unknown as RolloutActivities;
  }

  #noting(name: Name) {
    return async (order: Order & { weightPercent?: number; replicas?: number }): Promise<unknown> => {
      const { attempt } = Context.current().info;
      const { weightPercent, replicas } = order;
      this.calls.push({ name, epoch: order.fence.epoch, attempt, weightPercent, replicas });
      const activities: RolloutActivities = { ...good, ...this.#replaced };
      return (activities[name] as (order: Order) => Promise<unknown>)(order);
    };
  }
}

/** Waits, as an activity does that looks for something: it heartbeats, and ends when it is cancelled. */
export async function untilCancelled(): Promise<never> {
  const context = Context.current();
  const beating = setInterval(() => {
    context.heartbeat();
  }, 100);
  try {
    return await context.cancelled;
  } finally {
    clearInterval(beating);
  }
}

/** A verdict with the given outcome. */
export function verdict(outcome: Verdict['outcome'], sentence = `made up: ${outcome}`): Verdict {
  const gap = outcome === 'inconclusive' ? 'noData' : null;
  const interval = { low: 0.015, high: 0.03 };
  return { outcome, metric: 'error-rate', gap, value: 0.02, interval, limit: 0.01, samples: 400, sentence };
}

/** What a judge's Job came to at its first try. */
export function judged(phase: number, verdicts: readonly Verdict[]): JudgeReport {
  const answer = { version: 1, pairs: { wins: 10, losses: 10, ties: 20 } } as const;
  return { phase, attempts: 1, verdicts, answer, failures: [] };
}

const nothing = () => Promise.resolve();

/** A rollout where everything goes well. */
const good: RolloutActivities = {
  preflight: () => Promise.resolve({ stableReplicas: 4, warnings: [] }),
  takeTarget: nothing,
  readyCanary: nothing,
  shiftWeight: nothing,
  watchGuards: untilCancelled,
  judgeGates: () => Promise.resolve([verdict('pass')]),
  awaitGates: untilCancelled,
  judgePhase: ({ phase }) => Promise.resolve(judged(phase, [verdict('pass')])),
  endJudging: nothing,
  moveTrafficBack: nothing,
  renewStable: nothing,
  adoptCanary: nothing,
  undoStable: nothing,
  drainCanary: nothing,
  clearAway: () => Promise.resolve([]),
  notify: nothing,
};
