import { planDefaults, defaultGates } from '../domain/plan/defaults.ts';
import type { GatePlan, GuardPlan, PhasePlan, Plan } from '../domain/plan/plan.ts';
import { toCriterion } from './criterion.ts';
import { toJudge } from './judge.ts';
import { toCustom } from './metrics.ts';
import type { RolloutFile } from './schema.ts';

type Spec = RolloutFile['spec'];
type FilePhase = NonNullable<Spec['phases']>[number];
type FileGate = NonNullable<FilePhase['gates']>[number];
type FileGuard = NonNullable<Spec['guards']>[number];

/** The plan that a file says; the inverse of the names in paths.ts. */
export function toPlan({ metadata, spec }: RolloutFile): Plan {
  const { stable } = spec.metrics.cost;
  const phases = spec.phases?.map(toPhase) ?? planDefaults.phases;
  return {
    name: metadata.name,
    target: {
      cluster: metadata.cluster,
      namespace: metadata.namespace,
      workload: spec.workload,
      service: spec.service,
      router: spec.router,
    },
    release: spec.release,
    checklist: spec.checklist,
    phases,
    guards: spec.guards?.map(toGuard) ?? planDefaults.guards,
    guardIntervalMs: spec.guardInterval,
    risk: spec.risk,
    keepOldMs: spec.keepOld,
    finish: spec.finish,
    capacity: spec.capacity,
    warmUp: spec.warmUp,
    hold: { limitMs: spec.hold.limit, then: spec.hold.then },
    deadlines: {
      canaryReadyMs: spec.deadlines.canaryReady,
      routeAcceptedMs: spec.deadlines.routeAccepted,
      drainMs: spec.deadlines.drain,
    },
    onForeignChange: spec.onForeignChange,
    onUnprovable: spec.onUnprovable,
    metrics: {
      ...spec.metrics,
      cost: { stable, canary: spec.metrics.cost.canary ?? stable },
      custom: spec.metrics.custom.map(toCustom),
    },
    judge: spec.judge === null ? null : toJudge(spec.judge, phases),
    headerRule: spec.headerRule,
    notifications: spec.notifications,
  };
}

function toPhase(phase: FilePhase): PhasePlan {
  return {
    weightPercent: phase.weight,
    bakeMs: phase.bake,
    // Leaving the gates out must not mean that nothing is asked (S6); after no bake there is nothing to ask about.
    gates: phase.gates?.map(toGate) ?? (phase.bake > 0 ? defaultGates(phase.weight) : []),
    requireApproval: phase.requireApproval,
  };
}

function toGate(gate: FileGate): GatePlan {
  return { criterion: toCriterion(gate), evidence: gate.evidence, minimumSamples: samplesOf(gate) };
}

function toGuard(guard: FileGuard): GuardPlan {
  return {
    criterion: toCriterion(guard),
    evidence: guard.evidence,
    minimumSamples: samplesOf(guard),
    sustainedForMs: guard.sustainedFor,
    windowMs: guard.window,
  };
}

/** Nobody counts what a value rests on: any number would do. */
function samplesOf(asked: FileGate | FileGuard): number {
  return 'minimumSamples' in asked ? asked.minimumSamples : 1;
}
