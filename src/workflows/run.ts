import {
  CancellationScope,
  condition,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Order } from '../activities/types.ts';
import type { Verdict } from '../domain/analysis/verdict.ts';
import type { JudgeReport } from '../domain/judge/report.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { renderDetails } from '../domain/rollout/details.ts';
import type {
  EndReason,
  RolloutInput,
  RolloutOutcome,
  RolloutState,
  RolloutStatus,
} from '../domain/rollout/state.ts';
import { Interrupted, type Interruption } from './interruption.ts';
import { hasSearchAttributes, searchAttributes } from './search-attributes.ts';

/** A judge at work in one phase. */
export interface Judging {
  /** What it said; null until then. */
  readonly verdicts: () => readonly Verdict[] | null;
  /** From when on users alone ask the arms, in ms since 1970; null while it is at work. */
  readonly undisturbedSinceMs: () => number | null;
  /** Its Jobs are removed, at once; nothing happens when it is over. */
  stop(): void;
}

/** What one run of the workflow knows. Handlers and steps set it; only the steps act on it. */
export class Run {
  readonly plan: Plan;
  /** The first reason not to go on. */
  interruption: Interruption | null = null;
  /** A person asked to hold, or the rollout holds by itself. */
  holdReason: string | null = null;
  /** Gates are inconclusive and looked at again: a person can only take it on, or abort. */
  gatesOpen = false;
  /** A person asked to end the present bake or hold. */
  advanceRequested = false;
  /** No more bakes and gates. */
  full = false;
  /** A person approved the phase that waits for it. */
  approved = false;
  /** What watches now; null while the canary has no traffic. */
  guard: { stop(): void } | null = null;
  /** What compares the arms' answers now; null while nobody does. */
  judging: Judging | null = null;
  /** How many replicas of the canary were made ready; 0 before. */
  canaryReplicas = 0;
  /** The route may carry this rollout's fence. */
  claimed = false;
  /** Stable may have the release's template. */
  stableTouched = false;
  /** Stable is what the canary was: there is no way back in this rollout. */
  promoted = false;
  /** Writes that were interrupted and have not stopped yet. */
  readonly stopping: Promise<unknown>[] = [];

  #epoch = 0;
  #state: RolloutState;

  constructor({ plan, startedBy, reason }: RolloutInput) {
    const { runId, startTime } = workflowInfo();
    this.plan = plan;
    this.#state = {
      rolloutId: runId,
      plan,
      startedBy,
      startedAtMs: startTime.getTime(),
      status: 'preparing',
      phase: null,
      weightPercent: 0,
      endsAtMs: null,
      holdReason: null,
      weights: [],
      judgements: [],
      judged: [],
      events: [
        { atMs: startTime.getTime(), what: `started, ${plan.release.version}: ${reason}`, by: startedBy },
      ],
      outcome: null,
    };
  }

  get state(): RolloutState {
    return { ...this.#state, holdReason: this.holdReason };
  }

  /** The next order: its epoch outranks every order before it (S4). */
  order(): Order {
    this.#epoch += 1;
    const { rolloutId, startedAtMs } = this.#state;
    return { plan: this.plan, fence: { rolloutId, startedAtMs, epoch: this.#epoch } };
  }

  /** Notes where the rollout stands. */
  enter(
    status: RolloutStatus,
    more: Partial<Pick<RolloutState, 'phase' | 'weightPercent' | 'endsAtMs'>> = {},
  ): void {
    const before = this.#state;
    this.#state = { ...before, status, endsAtMs: null, ...more };
    const { weightPercent } = this.#state;
    if (weightPercent !== before.weightPercent) {
      const change = { atMs: Date.now(), percent: weightPercent };
      this.#state = { ...this.#state, weights: [...before.weights, change] };
      this.#list();
    }
    this.#show();
  }

  note(what: string, by: string | null = null): void {
    this.#state = { ...this.#state, events: [...this.#state.events, { atMs: Date.now(), what, by }] };
    this.#show();
  }

  judged(phase: number, verdicts: readonly Verdict[]): void {
    const judgement = { atMs: Date.now(), phase, verdicts };
    this.#state = { ...this.#state, judgements: [...this.#state.judgements, judgement] };
    this.#show();
  }

  judgedBy(report: JudgeReport): void {
    this.#state = { ...this.#state, judged: [...this.#state.judged, { atMs: Date.now(), ...report }] };
    this.#show();
  }

  ended(outcome: RolloutOutcome): RolloutOutcome {
    this.#state = { ...this.#state, status: outcome.status, outcome, endsAtMs: null };
    this.#list();
    this.note(`${outcome.status}: ${outcome.sentence}`);
    return outcome;
  }

  /** The first reason counts, whatever comes after it. */
  interrupt(reason: EndReason, sentence: string, evidence: readonly Verdict[] = []): void {
    this.interruption ??= { reason, sentence, evidence };
  }

  /**
   * Does `work` until it is done or the rollout is interrupted; then `work` is cancelled, not waited for: the way back
   * must not wait for a write that hangs (S1). It is waited for before anything is cleared away.
   * @throws Interrupted.
   */
  async unlessInterrupted<T>(work: () => Promise<T>): Promise<T> {
    this.throwIfInterrupted();
    const scope = new CancellationScope();
    const working = scope.run(work);
    const looking = new CancellationScope();
    const interrupted = looking.run(() => condition(() => this.interruption !== null));
    try {
      await Promise.race([working, interrupted]);
      this.throwIfInterrupted();
      return await working;
    } catch (error) {
      scope.cancel();
      this.stopping.push(working.catch(() => undefined));
      throw error;
    } finally {
      looking.cancel();
      interrupted.catch(() => undefined);
    }
  }

  throwIfInterrupted(): void {
    if (this.interruption !== null) throw new Interrupted(this.interruption);
  }

  /** Columns of the Temporal UI; one event in the history a call, so only when the weight or the outcome changes. */
  #list(): void {
    if (!hasSearchAttributes(workflowInfo().typedSearchAttributes)) return;
    const { phase, weightPercent, outcome } = this.#state;
    upsertSearchAttributes([
      { key: searchAttributes.phase, value: phase === null ? null : phase + 1 },
      { key: searchAttributes.weight, value: weightPercent },
      {
        key: searchAttributes.outcome,
        value: outcome === null ? null : `${outcome.status}: ${outcome.reason}`,
      },
    ]);
  }

  #show(): void {
    setCurrentDetails(renderDetails(this.state));
  }
}
