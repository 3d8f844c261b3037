import type { Target } from '../../domain/plan/plan.ts';
import type { Paint } from '../render/paint.ts';
import { table } from '../render/table.ts';
import { placeFlags } from '../rollouts/name.ts';
import type { MissingRights, Remains } from './cluster.ts';
import type { ChosenTarget } from './target.ts';

/** What was found at a target, and what restore will do: shown before anything is changed. */
export function beforePage(
  target: Target,
  place: string,
  remains: Remains,
  missing: MissingRights,
  paint: Paint,
): string {
  const { rolloutIds, stable } = remains;
  const orders = ordersOf(remains, missing);
  const rows = [
    [paint.faint('Target'), targetText(target)],
    [paint.faint('Cluster'), place],
    ...rolloutIds.map((id) => [paint.faint('Rollout'), id]),
    [paint.faint('Stable'), stable?.summary ?? 'its Deployment does not exist'],
  ];
  const numbered = orders.map((order, index) => [`${index + 1}.`, order]);
  return [
    table(rows),
    ...[...remains.missing, ...remains.leftAlone].map((sentence) => `${paint.warn('note')} ${sentence}\n`),
    ...missingLines(remains, missing, target, paint),
    ...(orders.length === 0 ? [] : [`${paint.strong('To do')}\n${table(numbered, '  ')}`]),
    ...(trafficWouldEnd(remains) ? [noPodText(target, remains, paint)] : []),
  ].join('');
}

/** All that is to be done, in this order; only the traffic where rights for the rest are missing. */
export function ordersOf({ toDo }: Remains, missing: MissingRights): readonly string[] {
  return missing.workload.length > 0 ? toDo.route : [...toDo.route, ...toDo.workload];
}

/** Requests would be led from a canary to nobody. */
export function trafficWouldEnd({ route, stable }: Remains): boolean {
  return route?.leadsToCanary === true && (stable?.serving ?? 0) === 0;
}

/** `HTTPRoute llm, Deployment vllm, Service vllm port 8000 in llm` */
export function targetText({ namespace, router, workload, service }: Target): string {
  return `HTTPRoute ${router.name}, Deployment ${workload.name}, Service ${service.name} port ${service.port} in ${namespace}`;
}

/** What restore cannot do, since it knows no Temporal. */
export function workflowAdvice({ target, rollout }: ChosenTarget): string {
  const where = placeFlags(target);
  const name = rollout ?? 'NAME';
  const find = rollout === null ? `  sluice list --running${where}\n` : '';
  return (
    'Its workflow may still run in Temporal. It can write no weight any more, but no new rollout starts before it has ended:\n' +
    `${find}  sluice abort ${name}${where} --reason "restored by hand"\n`
  );
}

function missingLines(
  remains: Remains,
  missing: MissingRights,
  { namespace }: Target,
  paint: Paint,
): string[] {
  if (missing.workload.length === 0) return [];
  const left = remains.toDo.workload.map((order) => `\n       not done: ${order}`).join('');
  return [
    `${paint.warn('note')} you may not ${missing.workload.join('; ')} in namespace ${namespace}: only the traffic is moved${left}\n`,
  ];
}

function noPodText(target: Target, { stable }: Remains, paint: Paint): string {
  const why = stable?.summary ?? 'it does not exist';
  return (
    `${paint.bad('WARNING')} stable has no ready pod (Deployment ${target.workload.name}: ${why}).\n` +
    '        Requests that are led there get no answer until it has one.\n'
  );
}
