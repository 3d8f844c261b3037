import type { V1Job, V1JobSpec } from '@kubernetes/client-node';
import { waitFor } from '../../../../dev/cluster/wait.ts';
import { JudgeJobs } from '../../../../src/adapters/kubernetes/judge/judge-jobs.ts';
import type { KubernetesApi } from '../../../../src/adapters/kubernetes-api/api.ts';
import { kinds } from '../../../../src/adapters/kubernetes-api/kinds.ts';
import type { JudgedPlan } from '../../../../src/domain/judge/config-of.ts';
import type { JudgePlan } from '../../../../src/domain/plan/judge-plan.ts';
import { judgeJobName } from '../../../../src/domain/rollout/naming.ts';
import type { JudgeJobState, JudgeTry } from '../../../../src/ports/judge-jobs.ts';
import type { Owner } from '../../../../src/ports/workload.ts';
import { judgePlan, quickPlan } from '../../../support/plans.ts';
import { image, release } from '../objects.ts';
import { newOwner, soon, type TestTarget } from '../target.ts';

export const first: JudgeTry = { phase: 0, attempt: 1 };

/** A plan for the target of a test, with an image that is there. */
export function planFor({ target }: TestTarget, changes: Partial<JudgePlan> = {}): JudgedPlan {
  const resources = { cpu: '20m', memory: '128Mi' };
  return { ...quickPlan({ target }), judge: judgePlan({ image, resources, ...changes }) };
}

/** A rollout anew, as far as a judge needs it: the canary's objects are there, without pods. */
export async function beginRollout(it: TestTarget): Promise<Owner> {
  await it.workload.restoreTarget(it.target, soon());
  const owner = newOwner();
  await it.workload.secureStable(it.target, owner);
  await it.workload.createCanary(it.target, release, 0, owner);
  return owner;
}

/** Names of Jobs and NetworkPolicies that carry a rollout's label, those that are going aside. */
export async function remains({ api, namespace }: TestTarget, owner: Owner): Promise<string[]> {
  const labelSelector = `sluice.dev/rollout-id=${owner.rolloutId}`;
  const lists = await Promise.all([
    api.list(kinds.job, namespace, { labelSelector }),
    api.list(kinds.networkPolicy, namespace, { labelSelector }),
  ]);
  return lists
    .flat()
    .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
    .map(({ kind, metadata }) => `${kind ?? ''} ${metadata?.name ?? ''}`);
}

/** `what` becomes no more, within a minute. */
export async function untilGone(what: string, look: () => Promise<readonly unknown[]>): Promise<void> {
  let seen = '';
  await waitFor(
    `${what} to be gone`,
    async () => {
      const found = await look();
      seen = JSON.stringify(found).slice(0, 500);
      return found.length === 0 ? true : undefined;
    },
    { seen: () => seen },
  );
}

/** Jobs whose container runs this JavaScript instead of what the image is for. */
export function judgingBy(api: KubernetesApi, script: string, changes: Partial<V1JobSpec> = {}): JudgeJobs {
  const withScript = (job: V1Job): V1Job => {
    const copy = structuredClone(job);
    Object.assign(copy.spec ?? {}, changes);
    const [container] = copy.spec?.template.spec?.containers ?? [];
    if (container) container.command = ['node', '--input-type=module', '--eval', script];
    return copy;
  };
  return new JudgeJobs({
    ...api,
    create: (kind, namespace, object, options) => {
      const wanted = kind.kind === 'Job' ? (withScript(object) as typeof object) : object;
      return api.create(kind, namespace, wanted, options);
    },
  });
}

export interface Judging {
  readonly it: TestTarget;
  readonly owner: Owner;
  readonly jobs: JudgeJobs;
  readonly plan: JudgedPlan;
}

/** Waits until a Job is where `when` says. @throws WaitTimeout with what was seen instead. */
export async function untilState(
  { jobs, plan, owner }: Judging,
  when: (state: JudgeJobState) => boolean,
  which: JudgeTry = first,
): Promise<JudgeJobState> {
  let seen = '';
  const look = async () => {
    const state = await jobs.look(plan, which, owner);
    seen = JSON.stringify(state);
    return when(state) ? state : undefined;
  };
  return waitFor('the Job', look, { timeoutMs: 90_000, seen: () => seen });
}

export async function podsOfTry({ it, owner, plan }: Judging, which: JudgeTry = first) {
  const labelSelector = `batch.kubernetes.io/job-name=${judgeJobName(plan.target, owner.rolloutId, which)}`;
  return it.api.list(kinds.pod, it.namespace, { labelSelector });
}
