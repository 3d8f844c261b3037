import type { Target } from '../../domain/plan/plan.ts';
import type { ArmReadiness } from '../../ports/workload.ts';

/** What rollouts have left at a target, and what is to be done about it. Reading it changes nothing. */
export interface Remains {
  /** Rollouts that have marks there, by their ids: Temporal's run ids. */
  readonly rolloutIds: readonly string[];
  /** Null when there is no such HTTPRoute. */
  readonly route: RouteRemains | null;
  /** Null when there is no such Deployment. */
  readonly stable: ArmReadiness | null;
  /** A rollout's canary is there, with pods or without. */
  readonly canary: boolean;
  readonly toDo: {
    /** Orders for people: `lead all traffic back to ...`. */
    readonly route: readonly string[];
    readonly workload: readonly string[];
  };
  /** Sentences about what looks like a rollout's and is not touched. */
  readonly leftAlone: readonly string[];
  /** Sentences about objects of the target that do not exist. */
  readonly missing: readonly string[];
  /** Backends that lead to a rollout's canary and that the target does not name: it is the wrong target then. */
  readonly strays: readonly string[];
}

export interface RouteRemains {
  /** The rollout that may write the route now; null when none may. */
  readonly owner: string | null;
  /** Percent of the arms' requests; null when its rules differ, or lead to neither arm. */
  readonly canaryWeightPercent: number | null;
  /** By weight or by header. */
  readonly leadsToCanary: boolean;
}

/** What could be told about the target of a rollout from its marks; null for what could not. */
export interface Clue {
  readonly rolloutId: string;
  readonly route: string | null;
  readonly deployment: string | null;
  readonly service: string | null;
  readonly port: number | null;
}

/** Rights that the caller lacks, an entry a resource: `patch, delete deployments.apps`. */
export interface MissingRights {
  /** Without these no traffic can be moved, or nobody knows where it goes. */
  readonly route: readonly string[];
  /** Without these the canary stays, or what a rollout noted. */
  readonly workload: readonly string[];
}

/** What restore asks of a cluster. All methods but `missingRights` throw PortFault: Refused, Unavailable. */
export interface RestoreCluster {
  /** For people: `context admin, https://198.51.100.7:6443`. */
  readonly place: string;
  /** How long after accepting a route its gateway may still send requests the old way. */
  readonly gatewayObeysMs: number;
  missingRights(namespace: string): Promise<MissingRights>;
  /**
   * The targets that rollouts have marks on.
   * @returns null when there is neither a route nor a Deployment in the namespace.
   */
  clues(namespace: string): Promise<readonly Clue[] | null>;
  /** @param options.autoscalers false for a caller who may not list them. */
  look(target: Target, options: { readonly autoscalers: boolean }): Promise<Remains>;
  /**
   * Leads all traffic back and takes the route from its owner, in one write. Harmless when done.
   * @param nowMs rollouts that started before may never claim the route, where it carries no fence.
   */
  moveTraffic(target: Target, nowMs: number): Promise<void>;
  /** Whether the gateway has accepted the route as it is written now, and where it leads. */
  seeRoute(target: Target): Promise<{ readonly accepted: boolean; readonly leadsToCanary: boolean }>;
  /**
   * Gives stable its own pod template back, and takes from it the canary's pods that were about to become its own. From
   * here on these rollouts can make nothing more at the target, whether or not they made anything. Harmless when done.
   */
  undoStable(target: Target, rolloutIds: readonly string[]): Promise<void>;
  /**
   * Removes canaries, waits for the end of their pods, and puts stable's autoscaler back. Harmless when done.
   * @returns sentences about what stays as somebody else has set it.
   * @throws what `signal` was aborted with.
   */
  clear(target: Target, rolloutIds: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
}
