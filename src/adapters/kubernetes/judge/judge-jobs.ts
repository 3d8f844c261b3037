import type { V1Job, V1Service } from '@kubernetes/client-node';
import type { JudgedPlan } from '../../../domain/judge/config-of.ts';
import { failureTypes } from '../../../domain/failures.ts';
import type { JudgePlan } from '../../../domain/plan/judge-plan.ts';
import type { Plan, Target } from '../../../domain/plan/plan.ts';
import { canaryServiceName, judgeJobName, labels } from '../../../domain/rollout/naming.ts';
import { PortFault } from '../../../ports/faults.ts';
import type { JudgeJobsPort, JudgeJobState, JudgeTry } from '../../../ports/judge-jobs.ts';
import type { Owner } from '../../../ports/workload.ts';
import type { KubernetesApi } from '../../kubernetes-api/api.ts';
import { kinds, type ApiObject, type Kind } from '../../kubernetes-api/kinds.ts';
import { ensureOwn, requireOwn } from '../ensure-own.ts';
import { requireOpen } from '../gate.ts';
import { isEnding, type Owned } from '../ownership.ts';
import { judgeRights, missingOf, rightsProblems } from '../rights.ts';
import { selectorText, type Labels } from '../selectors.ts';
import { may } from '../survey.ts';
import { judgeJob, judgeLabels, phaseLabels, tryLabels, type JudgeSource } from './job-object.ts';
import { afterGrace, hasJudged, judgeJobState } from './job-state.ts';
import { judgeNetworkPolicy } from './network-policy-object.ts';

/** Four attempts to pull an image. */
const graceMs = 2 * 60_000;

/**
 * Judges as Kubernetes Jobs beside the target, each with a NetworkPolicy of its own. Uses exactly the judgeRights of
 * rights.ts beside the workload's: Secrets and ConfigMaps are named, never read. The gate on stable (gate.ts) must be
 * open for `start`; `remove` needs none, and does not close it.
 */
export class JudgeJobs implements JudgeJobsPort {
  readonly #api: KubernetesApi;

  constructor(api: KubernetesApi) {
    this.#api = api;
  }

  /** Also lets the API server say whether it would take such a Job; of a missing Secret, ConfigMap or claim it says nothing. */
  async inspect(plan: Plan): Promise<readonly string[]> {
    if (plan.judge === null) return [];
    const { namespace } = plan.target;
    const missing = await missingOf(judgeRights, this.#api, namespace);
    const problems = rightsProblems(missing, namespace);
    return may(missing, 'create', kinds.job)
      ? [...problems, ...(await this.#jobProblems({ ...plan, judge: plan.judge }))]
      : problems;
  }

  /**
   * An older try that still goes on is removed: two would ask the arms twice as much.
   * @throws PortFault TargetTaken, StaleWrite (the rollout has ended, or a later try is there), ForeignChange (the
   * canary's Service or the Job is being removed), Refused (somebody else's object has the name), Unavailable.
   */
  async start(plan: Plan, which: JudgeTry, owner: Owner): Promise<void> {
    const source = { plan: judged(plan), which, owner };
    await this.#requireOpen(plan.target, owner);
    await this.#supersede(source);
    const arms = await this.#arms(plan.target, owner);
    const { namespace } = plan.target;
    try {
      // The policy first: no pod runs a moment without it.
      await ensureOwn(this.#api, kinds.networkPolicy, namespace, judgeNetworkPolicy(source, arms), owner);
      await ensureOwn(this.#api, kinds.job, namespace, judgeJob(source, arms.canary), owner);
    } finally {
      // Also after a request that was given up: the API server may have got it all the same.
      await this.#requireStillOpen(plan, owner);
    }
  }

  /** @throws PortFault Refused (somebody else's Job has the name), Unavailable. */
  async look(plan: Plan, which: JudgeTry, owner: Owner): Promise<JudgeJobState> {
    const { namespace } = plan.target;
    const name = judgeJobName(plan.target, owner.rolloutId, which);
    const job = await this.#api.find(kinds.job, namespace, name);
    if (job === null || isEnding(job)) return { kind: 'absent' };
    requireOwn(`Job ${namespace}/${name}`, job, owner);
    const labelSelector = selectorText({ matchLabels: tryLabels(owner, which) });
    const pods = await this.#api.list(kinds.pod, namespace, { labelSelector });
    const { judge } = judged(plan);
    const state = judgeJobState(job, pods, judge);
    return state.kind === 'stuck' ? afterGrace(state, await this.#serverTimeMs(), graceOf(judge)) : state;
  }

  /** One that is being removed counts as long as it is there. @throws PortFault Unavailable. */
  async areAsking({ target: { namespace } }: Plan, owner: Owner): Promise<boolean> {
    const labelSelector = selectorText({ matchLabels: judgeLabels(owner) });
    const jobs = await this.#api.list(kinds.job, namespace, { labelSelector });
    const going = jobs.filter((it) => !hasEnded(it));
    if (going.length === 0) return false;
    const pods = await this.#api.list(kinds.pod, namespace, { labelSelector });
    return going.some((job) => !hasJudged(job, pods));
  }

  async remove(plan: Plan, phase: number | null, owner: Owner): Promise<void> {
    // Nothing was made, and a worker that judges nowhere may lack the rights to look.
    if (plan.judge === null) return;
    const matchLabels = phase === null ? judgeLabels(owner) : phaseLabels(owner, phase);
    // What runs comes first.
    await this.#removeEach(kinds.job, plan.target, matchLabels);
    await this.#removeEach(kinds.networkPolicy, plan.target, matchLabels);
  }

  async #removeEach<T extends ApiObject & Owned>(
    kind: Kind<T>,
    { namespace }: Target,
    matchLabels: Labels,
  ): Promise<void> {
    const labelSelector = selectorText({ matchLabels });
    const found = await this.#api.list(kind, namespace, { labelSelector });
    await Promise.all(
      found
        .filter((it) => !isEnding(it))
        .map(({ metadata }) =>
          this.#api.delete(kind, namespace, metadata?.name ?? '', { uid: metadata?.uid ?? '' }),
        ),
    );
  }

  async #jobProblems(plan: JudgedPlan): Promise<string[]> {
    const source = { plan, which: { phase: 0, attempt: 1 }, owner: { rolloutId: 'preflight' } };
    try {
      await this.#api.create(kinds.job, plan.target.namespace, judgeJob(source, null), { dryRun: true });
      return [];
    } catch (error) {
      if (!(error instanceof PortFault) || error.type !== failureTypes.Refused) throw error;
      return [`the judge's Job is refused by the API server: ${error.message}`];
    }
  }

  async #requireOpen({ namespace, workload }: Target, owner: Owner): Promise<void> {
    requireOpen(await this.#api.read(kinds.deployment, namespace, workload.name), owner);
  }

  /** @throws PortFault as `requireOpen` does, and then all that this rollout has is removed. */
  async #requireStillOpen(plan: Plan, owner: Owner): Promise<void> {
    try {
      await this.#requireOpen(plan.target, owner);
    } catch (error) {
      if (error instanceof PortFault && error.type !== failureTypes.Unavailable)
        await this.remove(plan, null, owner);
      throw error;
    }
  }

  async #supersede({ plan, which, owner }: JudgeSource): Promise<void> {
    const { namespace } = plan.target;
    const labelSelector = selectorText({ matchLabels: judgeLabels(owner) });
    const others = (await this.#api.list(kinds.job, namespace, { labelSelector })).map((job) => ({
      job,
      age: compareTries(tryOf(job), which),
    }));
    const later = others.find(({ age }) => age > 0)?.job.metadata?.name;
    if (later !== undefined)
      throw new PortFault(
        failureTypes.StaleWrite,
        `Job ${namespace}/${later} is of a later try than phase ${which.phase + 1}, attempt ${which.attempt}: nothing is made`,
      );
    for (const { job } of others.filter((it) => it.age < 0 && goesOn(it.job)))
      await this.#api.delete(kinds.job, namespace, job.metadata?.name ?? '', {
        uid: job.metadata?.uid ?? '',
      });
  }

  async #arms(target: Target, owner: Owner): Promise<{ stable: V1Service; canary: V1Service }> {
    const { namespace } = target;
    const name = canaryServiceName(target);
    const [stable, canary] = await Promise.all([
      this.#api.read(kinds.service, namespace, target.service.name),
      this.#api.find(kinds.service, namespace, name),
    ]);
    if (canary === null)
      throw new PortFault(
        failureTypes.ForeignChange,
        `Service ${namespace}/${name}, of the canary of ${owner.rolloutId}, is gone: there is nobody to judge`,
      );
    requireOwn(`Service ${namespace}/${name}`, canary, owner);
    return { stable, canary };
  }

  /** Every account may ask who it is; the answer tells the time. A worker's own clock may differ from the cluster's. */
  async #serverTimeMs(): Promise<number> {
    const { metadata } = await this.#api.create(kinds.selfSubjectReview, '', {});
    return new Date(metadata?.creationTimestamp ?? Number.NaN).getTime();
  }
}

function judged(plan: Plan): JudgedPlan {
  if (plan.judge === null) throw new Error(`plan ${plan.name} must have a judge: it has none`);
  return { ...plan, judge: plan.judge };
}

/** Well below the deadline, whatever that is: a Job that fails by it loses its pod, and with it the reason. */
function graceOf({ deadlineMs }: JudgePlan): number {
  return Math.min(graceMs, deadlineMs / 2);
}

function tryOf({ metadata }: V1Job): JudgeTry {
  const { [labels.phase]: phase, [labels.attempt]: attempt } = metadata?.labels ?? {};
  return { phase: Number(phase) - 1, attempt: Number(attempt) };
}

function compareTries(one: JudgeTry, other: JudgeTry): number {
  return one.phase - other.phase || one.attempt - other.attempt;
}

function goesOn(job: V1Job): boolean {
  return !isEnding(job) && !hasEnded(job);
}

function hasEnded({ status }: V1Job): boolean {
  const ends = ['Complete', 'Failed'];
  return status?.conditions?.some((it) => ends.includes(it.type) && it.status === 'True') === true;
}
