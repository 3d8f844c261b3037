import type { JudgeConfig } from '../../domain/judge/config.ts';
import type { Standard } from '../../domain/analysis/standard.ts';
import { planDefaults } from '../../domain/plan/defaults.ts';
import type { Evidence } from '../../domain/plan/evidence.ts';
import { judgeDefaults } from '../../domain/plan/judge-defaults.ts';
import { judgeBounds } from '../../domain/plan/judge-bounds.ts';
import type { JudgePlan, RubricCriterion } from '../../domain/plan/judge-plan.ts';
import { onceLooked } from '../../domain/statistics/looking.ts';
import { exitCodes } from '../exit-codes.ts';
import type { OutputFlag } from '../flags.ts';
import { CliProblem } from '../problem.ts';
import { isAddress } from './flag-values.ts';
import { adviceOn, checkTogether } from './flags-together.ts';

/** As commander gives them; each of them is checked by then. */
export interface JudgeFlags extends OutputFlag {
  readonly stable: string;
  readonly canary: string;
  readonly prompts: string;
  readonly judge?: string;
  readonly judgeModel?: string;
  readonly model?: string;
  readonly canaryModel?: string;
  readonly header: Readonly<Record<string, string>>;
  readonly criterion: readonly RubricCriterion[];
  readonly maxDrop?: number;
  readonly minWinRate?: number;
  readonly minScore?: number;
  readonly evidence: Evidence;
  readonly minimumPairs: number;
  readonly mostPrompts?: number;
  readonly concurrency: number;
  readonly requestsPerSecond: number;
  readonly temperature: number;
  readonly seed: number;
  readonly maxTokens: number;
  readonly deadline: number;
  readonly transcripts?: string;
  readonly price?: NonNullable<JudgePlan['price']>;
}

/** What is done, and what its answer is held against: as a rollout's plan would have it. */
export interface JudgeOrder {
  readonly config: JudgeConfig;
  readonly plan: JudgePlan;
  readonly standard: Standard;
  /** What works, and probably does not do what was meant; a line each. */
  readonly warnings: readonly string[];
}

/** @throws CliProblem where flags do not fit together. */
export function orderOf(flags: JudgeFlags): JudgeOrder {
  const plan = planOf(flags);
  checkTogether(plan);
  const { criteria, sampling, concurrency, requestsPerSecond, noiseShare, sanityShare, mostPrompts } = plan;
  const { model = null, canaryModel = model, header: headers, transcripts, prompts } = flags;
  const config: JudgeConfig = {
    version: 1,
    stable: { url: flags.stable, model, headers },
    canary: { url: flags.canary, model: canaryModel, headers },
    prompts: isAddress(prompts) ? { url: prompts } : { file: prompts },
    judge: plan.endpoint,
    ...{ criteria, sampling, concurrency, requestsPerSecond, noiseShare, sanityShare, mostPrompts },
    deadlineMs: plan.deadlineMs,
    // Nothing of a person's own folder is removed.
    transcripts: transcripts === undefined ? null : { folder: transcripts, keepMs: null },
  };
  return { config, plan, standard: standardOf(plan), warnings: adviceOn(plan) };
}

function planOf(flags: JudgeFlags): JudgePlan {
  const { temperature, seed, maxTokens, evidence, minimumPairs, concurrency, requestsPerSecond } = flags;
  return {
    ...judgeDefaults,
    // Of a Job alone. What is asked stands in the config, and nowhere else: its address may be a secret.
    ...{ image: '', atWeights: [], prompts: { url: '' } },
    endpoint: endpointOf(flags),
    limits: limitsOf(flags),
    criteria: flags.criterion.length > 0 ? flags.criterion : judgeDefaults.criteria,
    sampling: { temperature, seed, maxTokens },
    ...{ evidence, minimumPairs, concurrency, requestsPerSecond },
    mostPrompts: flags.mostPrompts ?? null,
    deadlineMs: flags.deadline,
    price: flags.price ?? null,
  };
}

function endpointOf({ judge, judgeModel }: JudgeFlags): JudgePlan['endpoint'] {
  if (judge !== undefined && judgeModel !== undefined) return { url: judge, model: judgeModel, apiKey: null };
  if (judge === undefined && judgeModel === undefined) return null;
  const [given, missing] = judge === undefined ? ['--judge-model', '--judge'] : ['--judge', '--judge-model'];
  throw new CliProblem(exitCodes.badInput, `${missing} must be given beside ${given}: found nothing`);
}

/** The usual one where none is given. */
function limitsOf({ maxDrop, minWinRate, minScore }: JudgeFlags): JudgePlan['limits'] {
  if ([maxDrop, minWinRate, minScore].every((it) => it === undefined)) return judgeDefaults.limits;
  return { maxDrop: maxDrop ?? null, minWinRate: minWinRate ?? null, minScore: minScore ?? null };
}

/** The doubt of a plan by default, all of it for this one look. */
function standardOf({ evidence, minimumPairs, limits }: JudgePlan): Standard {
  const { falseRollback, falsePass } = planDefaults.risk;
  return {
    evidence,
    minimumSamples: minimumPairs,
    alpha: { fail: falseRollback / judgeBounds(limits).length, pass: falsePass },
    looking: onceLooked,
  };
}
