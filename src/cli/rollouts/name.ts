import { workflowIdOf } from '../../domain/rollout/naming.ts';
import type { RolloutName } from './rollouts.ts';

export function workflowIdOfRollout({ cluster, namespace, name }: RolloutName): string {
  return workflowIdOf(cluster, namespace, name);
}

/** The way back; null for the id of a workflow that is no rollout. */
export function rolloutOfWorkflowId(workflowId: string): RolloutName | null {
  const [kind, cluster, namespace, name, ...more] = workflowId.split('/');
  if (kind !== 'rollout' || cluster === undefined || namespace === undefined) return null;
  return name === undefined || more.length > 0 ? null : { cluster, namespace, name };
}

/** `vllm in llm`, `vllm in llm of cluster eu-1` */
export function nameText({ cluster, namespace, name }: RolloutName): string {
  return `${name} in ${namespace}${cluster === defaultPlace.cluster ? '' : ` of cluster ${cluster}`}`;
}

/** Where a rollout is when nothing says otherwise. */
export const defaultPlace = { cluster: 'default', namespace: 'default' } as const;

/** The flags that name this rollout again: ` -n llm --cluster eu-1`; empty when the defaults do. */
export function placeFlags({ cluster, namespace }: Omit<RolloutName, 'name'>): string {
  const flags = [
    ...(namespace === defaultPlace.namespace ? [] : [`-n ${namespace}`]),
    ...(cluster === defaultPlace.cluster ? [] : [`--cluster ${cluster}`]),
  ];
  return flags.map((flag) => ` ${flag}`).join('');
}
