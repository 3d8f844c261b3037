import type { V1Deployment, V1LabelSelector } from '@kubernetes/client-node';
import type { FinishMode, Release, Target } from '../../domain/plan/plan.ts';
import { canaryServiceName, canaryWorkloadName, labels } from '../../domain/rollout/naming.ts';
import type { ChangeWatch } from '../../ports/changes.ts';
import type { ArmReadiness, Owner, TargetInspection, WorkloadPort } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { adoptCanary } from './adopt-canary.ts';
import { pinnedBy } from './autoscaler.ts';
import { findOwnService, noteOn } from './before-note.ts';
import { createCanary, scaleCanary } from './canary.ts';
import { gateLabels } from './gate.ts';
import { changesInAdoption, foreignChanges } from './foreign-changes.ts';
import { inspectTarget } from './inspect.ts';
import { isReady } from './pod-trouble.ts';
import { missingArm, readArm } from './readiness.ts';
import { selectorText } from './selectors.ts';
import { removeCanary } from './remove-canary.ts';
import { closeGate, releaseStable, secureStable } from './stable.ts';
import { undoStable } from './undo-stable.ts';
import { updateStable } from './update-stable.ts';

export interface DeploymentWorkloadOptions {
  readonly api: KubernetesApi;
  /** How often to look for what Kubernetes is to do. @default 500 ms */
  readonly pollMs?: number;
}

/**
 * The arms as Deployments: the canary is a second Deployment with a Service of its own beside stable's. Uses exactly
 * the rights of rights.ts.
 *
 * The order that a rollout must keep: `secureStable`, then `createCanary`; `removeCanary`, then `releaseStable`. What
 * comes first in each pair opens or closes a gate on stable (gate.ts): after `removeCanary` or `releaseStable` this
 * rollout can make, pin, update and adopt nothing more, so `updateStable` and `adoptCanary` come before them.
 * `undoStable` closes the gate too, and comes before `removeCanary`, which removes the Service with its note.
 */
export class DeploymentWorkload implements WorkloadPort {
  readonly #api: KubernetesApi;
  readonly #pollMs: number;

  constructor({ api, pollMs = 500 }: DeploymentWorkloadOptions) {
    this.#api = api;
    this.#pollMs = pollMs;
  }

  inspect(target: Target, release: Release, owner: Owner, finish?: FinishMode): Promise<TargetInspection> {
    return inspectTarget(this.#api, target, release, owner, finish);
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
   * `removeCanary`; `updateStable` and `adoptCanary` are no foreign changes.
   * @returns sentences; empty when nobody did anything.
   */
  async foreignChanges(target: Target, owner: Owner): Promise<readonly string[]> {
    const [stable, canary] = await this.#arms(target);
    const service = canary === null ? await findOwnService(this.#api, target, owner) : null;
    const note = service === null ? null : noteOn(service);
    if (note === null || note === 'unreadable' || note.adoption === null)
      return foreignChanges(target, stable, canary, owner);
    return changesInAdoption(target, stable, note, owner);
  }

  watch(target: Target): ChangeWatch {
    const names = [target.workload.name, canaryWorkloadName(target)];
    return this.#api.watch(kinds.deployment, target.namespace, names);
  }

  /** Leaves alone what does not carry this rollout's id. @throws what `signal` was aborted with. */
  async removeCanary(target: Target, owner: Owner, signal: AbortSignal): Promise<void> {
    await closeGate(this.#api, target, owner);
    await removeCanary(this.#api, target, owner, { signal, pollMs: this.#pollMs });
  }

  releaseStable(target: Target, owner: Owner): Promise<readonly string[]> {
    return releaseStable(this.#api, target, owner);
  }

  /** @throws PortFault ForeignChange, StaleWrite, TargetTaken, Refused, Unavailable. */
  updateStable(target: Target, release: Release, owner: Owner): Promise<void> {
    return updateStable(this.#api, target, release, owner);
  }

  /** @throws as adopt-canary.ts says. */
  adoptCanary(
    target: Target,
    release: Release,
    owner: Owner,
    show: (step: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    return adoptCanary({ api: this.#api, target, release, owner, show, signal, pollMs: this.#pollMs });
  }

  /** What it leaves as somebody else has set it, `releaseStable` tells. */
  undoStable(target: Target, owner: Owner): Promise<void> {
    return undoStable(this.#api, target, owner);
  }

  async canaryPods(target: Target): Promise<{ name: string; ip: string }[]> {
    const { namespace } = target;
    const selector = await this.#canarySelector(target);
    if (selector === null) return [];
    const labelSelector = selectorText(selector);
    const pods = await this.#api.list(kinds.pod, namespace, { labelSelector });
    return pods.filter(isReady).flatMap(({ metadata, status }) => {
      const ip = status?.podIP;
      return ip === undefined ? [] : [{ name: metadata?.name ?? '', ip }];
    });
  }

  /**
   * The way out (S14): gives stable its own template back, removes what rollouts, whichever, have left at a target, and
   * puts its autoscaler back, from what is noted on the objects alone. The route must lead to stable before
   * (TrafficPort). A rollout of these ids that still runs finds the gate closed and can make nothing anew. Harmless when
   * there is nothing to do.
   * @returns the ids of the rollouts that were cleared away.
   * @throws what `signal` was aborted with; PortFault Refused, Unavailable.
   */
  async restoreTarget(target: Target, signal: AbortSignal): Promise<readonly string[]> {
    const rolloutIds = await this.#rolloutsAt(target);
    for (const rolloutId of rolloutIds) {
      await this.undoStable(target, { rolloutId });
      await this.removeCanary(target, { rolloutId }, signal);
      await this.releaseStable(target, { rolloutId });
    }
    return rolloutIds;
  }

  /** While the canary's pods become stable's, its Service finds them and its Deployment is gone. */
  async #canarySelector(target: Target): Promise<V1LabelSelector | null> {
    const { namespace } = target;
    const canary = await this.#api.find(kinds.deployment, namespace, canaryWorkloadName(target));
    if (canary !== null) return canary.spec?.selector ?? null;
    const service = await this.#api.find(kinds.service, namespace, canaryServiceName(target));
    const matchLabels = service?.spec?.selector;
    return matchLabels === undefined ? null : { matchLabels };
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
