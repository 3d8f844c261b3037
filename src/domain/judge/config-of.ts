import type { JudgePlan, TranscriptsPlan } from '../plan/judge-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { canaryServiceName } from '../rollout/naming.ts';
import type { ContestantConfig, JudgeConfig, TranscriptsConfig } from './config.ts';

/** A plan with a judge. */
export interface JudgedPlan extends Plan {
  readonly judge: JudgePlan;
}

/** Where a Job finds its files. */
export const judgeFolders = { prompts: '/prompts', transcripts: '/transcripts' } as const;

/** On every request to an arm, whatever image judges: whoever counts requests can leave these out. */
const headers = { 'x-sluice-judge': '1' } as const;

/** The order of the program in a Job of this plan: it asks both arms through their Services. */
export function judgeConfig({ target, judge }: JudgedPlan): JudgeConfig {
  const arm = (service: string): ContestantConfig => ({
    url: `http://${service}.${target.namespace}.svc:${target.service.port}`,
    model: judge.model,
    headers,
  });
  const { prompts, endpoint, transcripts } = judge;
  return {
    version: 1,
    stable: arm(target.service.name),
    canary: arm(canaryServiceName(target)),
    prompts:
      'url' in prompts ? { url: prompts.url } : { file: `${judgeFolders.prompts}/${prompts.configMap.key}` },
    judge: endpoint === null ? null : { url: endpoint.url, model: endpoint.model },
    criteria: judge.criteria,
    sampling: judge.sampling,
    concurrency: judge.concurrency,
    requestsPerSecond: judge.requestsPerSecond,
    noiseShare: judge.noiseShare,
    sanityShare: judge.sanityShare,
    mostPrompts: judge.mostPrompts,
    deadlineMs: judge.deadlineMs,
    transcripts: transcripts === null ? null : placeOf(transcripts),
  };
}

function placeOf(plan: TranscriptsPlan): TranscriptsConfig {
  const { keepMs } = plan;
  if ('claim' in plan) return { folder: judgeFolders.transcripts, keepMs };
  const { endpoint, region, bucket, prefix } = plan.s3;
  return { bucket: { endpoint, region, name: bucket, prefix }, keepMs };
}
