import { Context } from '@temporalio/activity';
import { failureTypes, type FailureType } from '../domain/failures.ts';
import type { JudgePlan } from '../domain/plan/judge-plan.ts';
import type { JudgeProgress, JudgeReport } from '../domain/judge/report.ts';
import { judgeStandard } from '../domain/judge/standard.ts';
import { judgeFailed, judgeVerdicts } from '../domain/judge/verdicts.ts';
import { span } from '../domain/rollout/span.ts';
import { PortFault } from '../ports/faults.ts';
import type { JudgeJobState } from '../ports/judge-jobs.ts';
import type { Ports } from './deps.ts';
import { pause } from './heart.ts';
import type { Order } from './types.ts';

/** What an attempt of this activity leaves to the next one. */
interface Memory extends JudgeProgress {
  /** When its Job was asked for, in ms since 1970. */
  readonly sinceMs: number;
}

type Ended =
  Extract<JudgeJobState, { kind: 'answered' } | { kind: 'failed' }> | { readonly kind: 'overtaken' };

/** Kubernetes ends a Job at its deadline; a cluster that does not is not waited for much longer. */
const graceMs = 5 * 60_000;
/** Before another Job; whoever judges may be down for a while. */
const longestPauseMs = 10 * 60_000;

/**
 * Makes a phase's Jobs, one after the other, until one answers or there were as many as the plan allows. Which of them it
 * is at it learns from its heartbeats, or anew from the Jobs themselves: one that is there is adopted.
 * @returns never a pass without an answer (S6). @throws PortFault only where another attempt may help.
 */
export async function judgePhase(
  ports: Ports,
  order: Order & { readonly phase: number },
  show: (details: unknown) => void,
): Promise<JudgeReport> {
  const { plan, phase } = order;
  const { judge } = plan;
  if (judge === null) throw new RangeError('the plan has no judge');
  let memory = remembered();
  for (;;) {
    const { attempt } = memory;
    const ended = await untilEnded(ports, order, memory, (shown) => {
      memory = shown;
      show(memory);
    });
    if (ended.kind === 'answered') {
      const { answer } = ended;
      const verdicts = judgeVerdicts(judge, judgeStandard(plan), answer);
      ports.telemetry.judged(verdicts);
      return { phase, attempts: attempt, verdicts, answer, failures: memory.failures };
    }
    if (ended.kind === 'overtaken') {
      memory = { ...firstMemory(), attempt: attempt + 1, failures: memory.failures };
      continue;
    }
    const failures = [...memory.failures, ended.why];
    if (attempt >= judge.attempts) {
      const verdicts = judgeFailed(judge, whyOf(failures));
      ports.telemetry.judged(verdicts);
      return { phase, attempts: attempt, verdicts, answer: null, failures };
    }
    memory = {
      ...firstMemory(),
      attempt: attempt + 1,
      failures,
      what: `failed: ${ended.why}; tried again soon`,
    };
    show(memory);
    await pause(Math.min(plan.guardIntervalMs * 2 ** (attempt - 1), longestPauseMs));
  }
}

function remembered(): Memory {
  const before = Context.current().info.heartbeatDetails as Memory | undefined;
  return before ?? firstMemory();
}

function firstMemory(): Memory {
  return { attempt: 1, what: 'asked for', failures: [], sinceMs: Date.now() };
}

async function untilEnded(
  { judgeJobs }: Ports,
  { plan, phase, fence }: Order & { readonly phase: number },
  memory: Memory,
  show: (memory: Memory) => void,
): Promise<Ended> {
  const { attempt, sinceMs } = memory;
  const owner = { rolloutId: fence.rolloutId };
  const which = { phase, attempt };
  try {
    await judgeJobs.start(plan, which, owner);
    for (;;) {
      const state = await judgeJobs.look(plan, which, owner);
      switch (state.kind) {
        case 'answered':
        case 'failed':
          return state;
        case 'absent':
          return { kind: 'failed', why: 'somebody has removed its Job' };
        case 'running':
          if (Date.now() - sinceMs > longestMs(plan.judge))
            return { kind: 'failed', why: `its Job still runs after ${span(longestMs(plan.judge))}` };
          show({ ...memory, what: state.what });
      }
      await pause(plan.guardIntervalMs);
    }
  } catch (error) {
    // Its last heartbeats were lost; after the last try it is the rollout that has overtaken this attempt.
    if (isOf(error, failureTypes.StaleWrite) && attempt < (plan.judge?.attempts ?? 0))
      return { kind: 'overtaken' };
    // The cluster has said no for good: that is for the gate, as any judge that cannot answer.
    if (isOf(error, failureTypes.Refused) || isOf(error, failureTypes.ForeignChange))
      return { kind: 'failed', why: error.message };
    throw error;
  }
}

function isOf(error: unknown, type: FailureType): error is PortFault {
  return error instanceof PortFault && error.type === type;
}

function longestMs(judge: JudgePlan | null): number {
  return (judge?.deadlineMs ?? 0) + graceMs;
}

/** The last one speaks; of many attempts it is said how many there were. */
function whyOf(failures: readonly string[]): string {
  const last = failures.at(-1) ?? 'nobody knows why';
  return failures.length === 1 ? last : `${last} (${failures.length} Jobs failed)`;
}
