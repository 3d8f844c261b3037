import type { Summary } from '../summary/summary.ts';
import { oneLine } from './words.ts';

/**
 * A summary as lines of KEY=value: what GitHub takes as a step's outputs and GitLab as a dotenv report. What is not
 * known has no line.
 */
export function summaryEnv({ standing, reason, sentence, rollout, runId, url, plan }: Summary): string {
  const values: Readonly<Record<string, string | null>> = {
    SLUICE_OUTCOME: standing,
    SLUICE_REASON: reason,
    SLUICE_SENTENCE: sentence,
    SLUICE_VERSION: plan?.release.version ?? null,
    SLUICE_ROLLOUT: rollout?.name ?? null,
    SLUICE_ROLLOUT_NAMESPACE: rollout?.namespace ?? null,
    SLUICE_ROLLOUT_CLUSTER: rollout?.cluster ?? null,
    SLUICE_RUN_ID: runId,
    SLUICE_WORKFLOW_URL: url,
  };
  return Object.entries(values)
    .map(([key, value]) => (value === null ? '' : `${key}=${oneLine(value)}\n`))
    .join('');
}
