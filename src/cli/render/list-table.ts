import type { ListedRollout } from '../rollouts/rollouts.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';
import { moment, percent } from './words.ts';

/** `sluice list`. */
export function listTable(rollouts: readonly ListedRollout[], paint: Paint): string {
  if (rollouts.length === 0) return 'No rollouts.\n';
  const titles = ['NAME', 'NAMESPACE', 'CLUSTER', 'VERSION', 'STANDING', 'WEIGHT', 'STARTED', 'ENDED', 'BY'];
  return table([titles.map(paint.faint), ...rollouts.map((rollout) => row(rollout, paint))]);
}

function row(rollout: ListedRollout, paint: Paint): readonly string[] {
  const { name, namespace, cluster, startedAtMs, endedAtMs, weightPercent } = rollout;
  return [
    paint.strong(name),
    namespace,
    cluster,
    rollout.version ?? '?',
    standing(rollout, paint),
    weightPercent === null ? '?' : percent(weightPercent),
    moment(startedAtMs),
    endedAtMs === null ? '-' : moment(endedAtMs),
    rollout.startedBy ?? '?',
  ];
}

function standing({ standing: what, phase }: ListedRollout, paint: Paint): string {
  switch (what) {
    case 'running':
      return phase === null ? 'running' : `phase ${phase}`;
    case 'promoted':
      return paint.good('promoted');
    case 'rolledBack':
      return paint.bad('rolled back');
    case 'failed':
      return paint.bad('failed');
    case 'cutOff':
      return paint.bad('ended without an outcome');
  }
}
