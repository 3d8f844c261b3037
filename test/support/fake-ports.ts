import type { Measurement } from '../../src/domain/analysis/measurement.ts';
import type { Ports } from '../../src/activities/deps.ts';
import type { ChangeWatch } from '../../src/ports/changes.ts';
import type { JudgeJobState } from '../../src/ports/judge-jobs.ts';
import type { ArmReadiness, TargetInspection } from '../../src/ports/workload.ts';
import type { TrafficState } from '../../src/ports/traffic.ts';

const ready: ArmReadiness = { desired: 2, ready: 2, serving: 2, summary: '2/2 ready' };

/** A world in which everything is well, and that notes what was asked of it. */
export class FakeWorld {
  readonly asked: string[] = [];
  /** How far back each measurement looked. */
  readonly windowsMs: number[] = [];
  route: TrafficState = { canaryWeightPercent: 0, fence: null, accepted: true, rules: 1 };
  inspection: TargetInspection = {
    problems: [],
    stable: ready,
    servingVersion: null,
    sameTemplate: false,
    leftovers: [],
  };
  stable: ArmReadiness = ready;
  canary: ArmReadiness | null = ready;
  changes: readonly string[] = [];
  /** What `releaseStable` says that it left as somebody else had set it. */
  kept: readonly string[] = [];
  measurement: Measurement = measured(0);
  /** What a look back to an earlier time finds. */
  before: Measurement = measured(0);
  /** One a look; then none run. Null: no pod tells. */
  readonly running: (number | null)[] = [];
  /** One a look at a judge's Job; then it has answered. */
  readonly judge: JudgeJobState[] = [];
  /** Whether Jobs of a judge ask, one a look; then none does. */
  readonly asking: boolean[] = [];
  /** What keeps a judge's Jobs from being made. */
  unjudgeable: readonly string[] = [];
  /** What the watches say: something may have changed. */
  restless = false;
  /** Watches that were begun and not ended. */
  watching = 0;
  /** Thrown by the call of this name. */
  readonly faults = new Map<string, () => Error | null>();

  get ports(): Ports {
    return {
      telemetry: { judged: () => undefined },
      traffic: {
        read: () => this.#ask('read', () => this.route),
        watch: () => this.#watch(),
        claim: () => this.#ask('claim', () => undefined),
        shift: (_, weightPercent) => this.#ask(`shift ${weightPercent}`, () => this.route),
        moveBack: () => this.#ask('moveBack', () => this.route),
        release: () => this.#ask('release', () => undefined),
      },
      workload: {
        inspect: () => this.#ask('inspect', () => this.inspection),
        secureStable: () => this.#ask('secureStable', () => undefined),
        createCanary: () => this.#ask('createCanary', () => undefined),
        scaleCanary: (_, replicas) => this.#ask(`scaleCanary ${replicas}`, () => undefined),
        readiness: () => this.#ask('readiness', () => ({ stable: this.stable, canary: this.canary })),
        foreignChanges: () => this.#ask('foreignChanges', () => this.changes),
        watch: () => this.#watch(),
        removeCanary: () => this.#ask('removeCanary', () => undefined),
        releaseStable: () => this.#ask('releaseStable', () => this.kept),
        updateStable: () => this.#ask('updateStable', () => undefined),
        adoptCanary: () => this.#ask('adoptCanary', () => undefined),
        undoStable: () => this.#ask('undoStable', () => undefined),
        canaryPods: () => this.#ask('canaryPods', () => []),
      },
      metrics: {
        measure: (_, __, { windowsMs, atMs }) => {
          const found = () =>
            new Map(windowsMs.map((it) => [it, atMs === undefined ? this.measurement : this.before]));
          if (atMs !== undefined) return this.#ask('measure before', found);
          this.windowsMs.push(...windowsMs);
          return this.#ask('measure', found);
        },
      },
      judgeJobs: {
        inspect: () => this.#ask('inspect judge', () => this.unjudgeable),
        start: (_, { phase, attempt }) => this.#ask(`start judge ${phase}.${attempt}`, () => undefined),
        look: (_, { phase, attempt }) =>
          this.#ask(`look at judge ${phase}.${attempt}`, () => this.judge.shift() ?? equalArms),
        areAsking: () => this.#ask('are judges asking', () => this.asking.shift() ?? false),
        remove: (_, phase) => this.#ask(`remove judge ${phase ?? 'all'}`, () => undefined),
      },
      drain: { runningRequests: () => this.#ask('runningRequests', () => this.running.shift() ?? 0) },
      warmUp: { warm: () => this.#ask('warm', () => undefined) },
      notification: { send: () => this.#ask('send', () => undefined) },
    };
  }

  #watch(): ChangeWatch {
    this.watching += 1;
    return {
      mayHaveChanged: () => this.restless,
      end: () => {
        this.watching -= 1;
      },
    };
  }

  #ask<T>(what: string, answer: () => T): Promise<T> {
    this.asked.push(what);
    const fault = this.faults.get(what)?.();
    return fault ? Promise.reject(fault) : Promise.resolve(answer());
  }
}

/** Both arms answer equally well: 400 prompts, mostly ties. */
const scored = { mean: 0.8, variance: 0.04 };
const equalArms: JudgeJobState = {
  kind: 'answered',
  answer: {
    version: 1,
    pairs: {
      ...{ wins: 40, losses: 40, ties: 320 },
      scores: { count: 400, stable: scored, canary: scored, covariance: 0.02 },
    },
  },
};

/** 1,000 requests of the canary, `failed` of them failed; both arms answer within 100 ms. */
export function measured(failed: number): Measurement {
  const latency = [
    { upTo: 0.1, count: 1000 },
    { upTo: null, count: 1000 },
  ];
  const arm = (bad: number) => ({ 'error-rate': { bad, total: 1000 }, 'e2e-latency': { buckets: latency } });
  return { kind: 'measured', stable: arm(0), canary: arm(failed) };
}
