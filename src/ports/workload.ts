import type { FinishMode, Release, Target } from '../domain/plan/plan.ts';
import type { ChangeWatch } from './changes.ts';

/** Pods of one arm. */
export interface ArmReadiness {
  /** Replicas that are asked for. */
  readonly desired: number;
  /** Of the newest template and ready. */
  readonly ready: number;
  /** Ready, of whatever template: while a new one of stable does not become ready, the old one's pods still serve. */
  readonly serving: number;
  /** What holds it up, for people: `0/2 ready: ImagePullBackOff`. */
  readonly summary: string;
}

/** What preflight finds; problems are sentences that name the object and say what to do. */
export interface TargetInspection {
  readonly problems: readonly string[];
  readonly stable: ArmReadiness;
  /** The version that serves now, by annotation; null when no rollout set it. */
  readonly servingVersion: string | null;
  /** The release's patch changes nothing in the pod template. */
  readonly sameTemplate: boolean;
  /** Objects of an earlier rollout that ended half-way. */
  readonly leftovers: readonly string[];
}

/** Who asks: written on everything that is made, checked before anything is changed. */
export interface Owner {
  readonly rolloutId: string;
}

/**
 * Stable and canary as workloads. All methods throw PortFault (Refused, Unavailable, ForeignChange); all can be called
 * twice, late, or beside their own second attempt (S5): create adopts what is this rollout's own, delete carries the
 * uid, 404 on delete is success.
 */
export interface WorkloadPort {
  /** @param finish of the plan: rights that only the other way to finish needs are not asked for. @default asks for all */
  inspect(target: Target, release: Release, owner: Owner, finish?: FinishMode): Promise<TargetInspection>;
  /** Notes what was there before on the workload, and pins stable's autoscaler at no less than it has now (S2). */
  secureStable(target: Target, owner: Owner): Promise<void>;
  /** The canary's Service and Deployment: stable's pod template with the patch applied and selector values of its own. */
  createCanary(target: Target, release: Release, replicas: number, owner: Owner): Promise<void>;
  scaleCanary(target: Target, replicas: number, owner: Owner): Promise<void>;
  readiness(target: Target): Promise<{ readonly stable: ArmReadiness; readonly canary: ArmReadiness | null }>;
  /** What others changed of stable and canary meanwhile (S10), as sentences; empty when nothing. */
  foreignChanges(target: Target, owner: Owner): Promise<readonly string[]>;
  /** Tells when `foreignChanges` may answer something new. */
  watch(target: Target): ChangeWatch;
  /** Removes the canary's objects and waits until its pods are gone or `signal` aborts. */
  removeCanary(target: Target, owner: Owner, signal: AbortSignal): Promise<void>;
  /**
   * Puts stable's autoscaler back as it was, and removes the notes and marks of the rollout.
   * @returns sentences about what was left as somebody else had set it.
   */
  releaseStable(target: Target, owner: Owner): Promise<readonly string[]>;
  /**
   * finish `update`: notes stable's template on the canary's Service, then gives stable's Deployment the release's; its
   * own rolling update does the rest.
   */
  updateStable(target: Target, release: Release, owner: Owner): Promise<void>;
  /**
   * finish `adopt`: stable's Deployment gets the release's template and the canary's running pods; no pod is started,
   * and the canary's Service leads to the same pods all the time. Ends when they are stable's only pods. Before its last
   * step, stable's old pods still run and `undoStable` leads back to them.
   * @param show told how far it is.
   */
  adoptCanary(
    target: Target,
    release: Release,
    owner: Owner,
    show: (step: string) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Undoes `updateStable` or a half-done `adoptCanary`: stable's template becomes what was noted, unless somebody else
   * has set another one since (`releaseStable` says so). To be called soon after the traffic has left, for pods that
   * were about to become stable's are in stable's Service until then; and before `removeCanary`, which removes them and
   * what else is left of the canary. This rollout can write nothing of the release any more afterwards. Harmless when
   * there is nothing to undo.
   */
  undoStable(target: Target, owner: Owner): Promise<void>;
  /**
   * Addresses of ready canary pods, for warm-up requests and counters.
   * @returns pod name and ip.
   */
  canaryPods(target: Target): Promise<readonly { readonly name: string; readonly ip: string }[]>;
}
