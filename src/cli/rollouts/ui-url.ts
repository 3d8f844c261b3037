import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';
import { workflowIdOfRollout } from './name.ts';
import type { Run } from './rollouts.ts';
import type { TemporalPlace } from './temporal-errors.ts';

/**
 * Temporal's UI as the environment names it (TEMPORAL_UI_URL); null when it does not.
 * @throws CliProblem when it is no http address.
 */
export function temporalUi(env: NodeJS.ProcessEnv): URL | null {
  const text = env['TEMPORAL_UI_URL'] ?? '';
  if (text === '') return null;
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  const message = `TEMPORAL_UI_URL must be an address that begins with http:// or https://: found ${JSON.stringify(text)}`;
  throw new CliProblem(exitCodes.badInput, message);
}

/** The page of a run in Temporal's UI; null when nobody says where the UI is. */
export function runUrl({ address, namespace }: TemporalPlace, run: Run, ui: URL | null): string | null {
  // Origin and path alone: the rest may hold a password, and ends up on the job's page.
  const base = ui === null ? cloudUi(address) : `${ui.origin}${ui.pathname}`;
  if (base === null) return null;
  const parts = [
    'namespaces',
    namespace,
    'workflows',
    workflowIdOfRollout(run.rollout),
    run.runId,
    'history',
  ];
  return `${base.replace(/\/+$/, '')}/${parts.map(encodeURIComponent).join('/')}`;
}

/** Temporal Cloud has one UI for all. */
function cloudUi(address: string): string | null {
  return /\.(?:tmprl\.cloud|api\.temporal\.io)(?::\d+)?$/.test(address) ? 'https://cloud.temporal.io' : null;
}
