import { waitForDeployment } from '../../dev/cluster/wait.ts';
import type { LoadReport } from '../../dev/load/report.ts';
import type { Verdict } from '../../src/domain/analysis/verdict.ts';
import type { JudgeReport } from '../../src/domain/judge/report.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import type { RolloutOutcome } from '../../src/domain/rollout/state.ts';
import { abort } from '../../src/workflows/messages.ts';
import { bookkeeping } from './bookkeeping.ts';
import { Dying, type Deaths } from './deaths.ts';
import { FaultStage, type FaultStageOptions } from './fault-stage.ts';
import type { Moment } from './moments.ts';
import { namespaceObjects } from './namespace-objects.ts';
import { toldByHistory } from './rollout-history.ts';

export interface Way extends Pick<FaultStageOptions, 'judge'> {
  readonly changes?: Partial<Plan>;
  /** Side by side, on one task queue. @default 1 */
  readonly workers?: number;
  /** The deaths of the worker, once each; with `abortsAt` only after that. @default none */
  readonly deaths?: Deaths;
  /** Somebody aborts when this comes. @default never */
  readonly abortsAt?: (moment: Moment) => boolean;
}

/** What a rollout has left and shown, in words that are the same in every namespace. */
export interface Walked {
  readonly outcome: Omit<RolloutOutcome, 'evidence'>;
  /** The deaths that the worker died, in order. */
  readonly died: Dying['died'];
  /** What it changed in Kubernetes, each thing once, in order. */
  readonly writes: readonly string[];
  /** Types of activities, in the order in which the workflow asked for them. */
  readonly scheduled: readonly string[];
  /** How long the first bake was, in ms. */
  readonly firstBakeMs: number;
  /** What judges came to, phase by phase. */
  readonly judged: readonly JudgedPhase[];
  /** Percents that the route asked for the canary, in order. */
  readonly weights: readonly number[];
  /** Objects that are not what they were before, as they are now; null when gone. */
  readonly changed: Readonly<Record<string, string | null>>;
  /** Labels and annotations of Sluice's own that are left. */
  readonly marks: readonly string[];
  readonly report: LoadReport;
}

/** All of it that is the same each time. */
interface JudgedPhase extends Pick<JudgeReport, 'phase' | 'attempts' | 'failures'> {
  readonly outcomes: readonly Verdict['outcome'][];
}

/** Longest time that a whole rollout may take, deaths included. */
const patienceMs = 30 * 60_000;

/** Lets one rollout go its way under load, its worker dying as it is told to. */
export async function walk(options: Omit<FaultStageOptions, 'judge'>, way: Way = {}): Promise<Walked> {
  const stage = await FaultStage.open({ ...options, judge: way.judge ?? null });
  try {
    return await walkOn(stage, way);
  } finally {
    await stage.remove();
  }
}

async function walkOn(
  stage: FaultStage,
  { changes, workers = 1, deaths = () => [], abortsAt }: Way,
): Promise<Walked> {
  const { cluster, namespace } = stage.service;
  const objects = () => namespaceObjects(cluster.config, namespace);
  const before = await objects();
  for (let each = 0; each < workers; each += 1) await stage.addWorker();
  const dying = new Dying(deaths);
  const writes: string[] = [];
  const plan = stage.plan(changes);
  // The first look at the gates finds nothing, so that they are looked at again.
  stage.blind = plan.phases.some((it) => it.gates.length > 0);
  const handle = await stage.start(plan);
  let aborted = false;
  stage.at = async (moment, worker) => {
    if (moment.does === 'schedule' && moment.activities.includes('awaitGates')) stage.blind = false;
    const { write } = moment;
    if (write !== null && !writes.includes(write)) writes.push(write);
    if (!aborted && abortsAt?.(moment) === true) {
      aborted = true;
      await handle.signal(abort, { by: 'ann', reason: 'a test' });
    }
    return abortsAt !== undefined && !aborted ? 'passes' : dying.at(moment, worker);
  };
  const outcome = await stage.outcome(handle, patienceMs, () => `died: ${JSON.stringify(dying.died)}`);
  await waitForDeployment(cluster.config, namespace, 'vllm');
  const { scheduled, firstBakeMs, judged } = await toldByHistory(handle);
  const { status, reason, sentence, leftToDo } = outcome;
  const report = await stage.load?.stop();
  if (report === undefined) throw new Error('a walk is under load');
  return {
    outcome: { status, reason, sentence, leftToDo },
    died: dying.died,
    writes,
    scheduled,
    firstBakeMs,
    judged: judged.map(({ phase, attempts, failures, verdicts }) => ({
      ...{ phase, attempts, failures },
      outcomes: verdicts.map((it) => it.outcome),
    })),
    weights: stage.weights.all(),
    changed: changesOf(before, await objects(), namespace),
    marks: await bookkeeping(cluster.config, namespace),
    report,
  };
}

function changesOf(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  namespace: string,
): Record<string, string | null> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => before[name] !== after[name]);
  return Object.fromEntries(
    changed.map((name) => [name, after[name]?.replaceAll(namespace, '<namespace>') ?? null]),
  );
}
