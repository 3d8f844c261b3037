import type { V1Deployment } from '@kubernetes/client-node';
import type { Release, Target } from '../../domain/plan/plan.ts';
import { canaryServiceName, canaryWorkloadName, labels } from '../../domain/rollout/naming.ts';
import type { ArmReadiness, Owner, TargetInspection, WorkloadPort } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { createCanary, removeCanary, scaleCanary } from './canary.ts';
import { pinnedBy } from './autoscaler.ts';
import { gateLabels } from './gate.ts';
import { foreignChanges } from './foreign-changes.ts';
import { inspectTarget } from './inspect.ts';
import { isReady } from './pod-trouble.ts';
import { missingArm, readArm } from './readiness.ts';
import { selectorText } from './selectors.ts';
import { closeGate, releaseStable, secureStable, updateStable } from './stable.ts';

export interface DeploymentWorkloadOptions {
  readonly api: KubernetesApi;
  /** Hears what a person should know and no method can answer: whose value was left as it is. */
  readonly report: (sentence: string) => void;
  /** How often the end of pods is looked for. @default 500 ms */
  readonly pollMs?: number;
}

/**
 * The arms as Deployments: the canary is a second Deployment with a Service of its own beside stable's. Uses exactly
 * the rights of rights.ts.
 *
 * The order that a rollout must keep: `secureStable`, then `createCanary`; `removeCanary`, then `releaseStable`. What
 * comes first in each pair opens or closes a gate on stable (gate.ts): after `removeCanary` or `releaseStable` this
 * rollout can make, pin and update nothing more, so `updateStable` comes before them.
 */
export class DeploymentWorkload implements WorkloadPort {
  readonly #api: KubernetesApi;
  readonly #report: (sentence: string) => void;
  readonly #pollMs: number;

  constructor({ api, report, pollMs = 500 }: DeploymentWorkloadOptions) {
    this.#api = api;
    this.#report = report;
    this.#pollMs = pollMs;
  }

  inspect(target: Target, release: Release, owner: Owner): Promise<TargetInspection> {
    return inspectTarget(this.#api, target, release, owner);
  }

  /** @throws PortFault TargetTaken, StaleWrite, ForeignChange (the pin was lowered), Refused, Unavailable. */
  secureStable(target: Target, owner: Owner): Promise<void> {
    return secureStable(this.#api, target, owner);
  }

  /** @throws PortFault TargetTaken, StaleWrite, Refused (somebody else's object has the name), Unavailable. */
  createCanary(target: Target, release: Release, replicas: number, owner: Owner): Promise<void> {
    return createCanary(this.#api, target, release, replicas, owner);
  }

  /** @throws PortFault ForeignChange (the canary is gone), Refused, Unavailable. */
  scaleCanary(target: Target, replicas: number, owner: Owner): Promise<void> {
    return scaleCanary(this.#api, target, replicas, owner);
  }

  /** A stable Deployment that is gone has no pods ready; it is no error, for a rollback asks too. */
  async readiness(target: Target): Promise<{ stable: ArmReadiness; canary: ArmReadiness | null }> {
    const read = async (arm: V1Deployment | null) => (arm === null ? null : readArm(this.#api, arm));
    const [stable, canary] = await Promise.all((await this.#arms(target)).map(read));
    return { stable: stable ?? missingArm(target.workload.name), canary: canary ?? null };
  }

  /**
   * What somebody else did to stable or the canary since `createCanary` (S10): another template, fewer replicas of
   * stable, a mark taken away, an arm gone. Two reads, nothing is written. To be asked between `createCanary` and
   * `removeCanary`; `updateStable` is no foreign change.
   * @returns sentences; empty when nobody did anything.
   */
  async foreignChanges(target: Target, owner: Owner): Promise<readonly string[]> {
    const [stable, canary] = await this.#arms(target);
    return foreignChanges(target, stable, canary, owner);
  }

  /** Leaves alone what does not carry this rollout's id. @throws what `signal` was aborted with. */
  async removeCanary(target: Target, owner: Owner, signal: AbortSignal): Promise<void> {
    await closeGate(this.#api, target, owner);
    await removeCanary(this.#api, target, owner, { signal, pollMs: this.#pollMs });
  }

  async releaseStable(target: Target, owner: Owner): Promise<void> {
    for (const sentence of await releaseStable(this.#api, target, owner)) this.#report(sentence);
  }

  /** @throws PortFault ForeignChange, StaleWrite, TargetTaken, Refused, Unavailable. */
  updateStable(target: Target, release: Release, owner: Owner): Promise<void> {
    return updateStable(this.#api, target, release, owner);
  }

  async canaryPods(target: Target): Promise<{ name: string; ip: string }[]> {
    const { namespace } = target;
    const canary = await this.#api.find(kinds.deployment, namespace, canaryWorkloadName(target));
    if (canary === null) return [];
    const labelSelector = selectorText(canary.spec?.selector ?? {});
    const pods = await this.#api.list(kinds.pod, namespace, { labelSelector });
    return pods.filter(isReady).flatMap(({ metadata, status }) => {
      const ip = status?.podIP;
      return ip === undefined ? [] : [{ name: metadata?.name ?? '', ip }];
    });
  }

  /**
   * The way out (S14): removes what rollouts, whichever, have left at a target, and puts its autoscaler back, from what
   * is noted on the objects alone. The route must lead to stable before (TrafficPort). A rollout of these ids that still
   * runs finds the gate closed and can make nothing anew. Harmless when there is nothing to do.
   * @returns the ids of the rollouts that were cleared away.
   * @throws what `signal` was aborted with; PortFault Refused, Unavailable.
   */
  async restoreTarget(target: Target, signal: AbortSignal): Promise<readonly string[]> {
    const rolloutIds = await this.#rolloutsAt(target);
    for (const rolloutId of rolloutIds) {
      await this.removeCanary(target, { rolloutId }, signal);
      await this.releaseStable(target, { rolloutId });
    }
    return rolloutIds;
  }

  #arms(target: Target): Promise<[stable: V1Deployment | null, canary: V1Deployment | null]> {
    const { namespace, workload } = target;
    return Promise.all([
      this.#api.find(kinds.deployment, namespace, workload.name),
      this.#api.find(kinds.deployment, namespace, canaryWorkloadName(target)),
    ]);
  }

  async #rolloutsAt(target: Target): Promise<string[]> {
    const { namespace } = target;
    const [[stable, canary], service, autoscalers] = await Promise.all([
      this.#arms(target),
      this.#api.find(kinds.service, namespace, canaryServiceName(target)),
      this.#api.list(kinds.horizontalPodAutoscaler, namespace),
    ]);
    const ids = [
      stable?.metadata?.labels?.[gateLabels.owner],
      canary?.metadata?.labels?.[labels.rolloutId],
      service?.metadata?.labels?.[labels.rolloutId],
      ...autoscalers.filter((it) => it.spec.scaleTargetRef.name === target.workload.name).map(pinnedBy),
    ];
    return [...new Set(ids.filter((id) => id !== undefined))];
  }
}
