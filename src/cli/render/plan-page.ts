import type { Plan } from '../../domain/plan/plan.ts';
import { gatesText, guardText } from './criteria.ts';
import { judgeLines } from './judge-lines.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';
import { span } from '../../domain/rollout/span.ts';
import { percent } from './words.ts';

/** `sluice check`: what a file means, defaults filled in. */
export function planPage(plan: Plan, paint: Paint): string {
  const judge = judgeLines(plan, paint);
  const sections = [
    `${paint.good('ok')} ${paint.strong(plan.name)} to ${plan.release.version}\n\n${table(targetRows(plan, paint))}`,
    `${paint.strong('Phases')}\n${phaseTable(plan, paint)}`,
    ...(plan.guards.length === 0 ? [] : [`${paint.strong('Guards')}\n${guardLines(plan)}`]),
    ...(judge === null ? [] : [`${paint.strong('Judge')}\n${judge}`]),
    `${paint.strong('Risk')}\n${riskLines(plan)}`,
  ];
  return sections.join('\n');
}

function riskLines({ risk }: Plan): string {
  const [back, pass] = [percent(risk.falseRollback * 100), percent(risk.falsePass * 100)];
  return `  of releases that keep every limit at most ${back} are rolled back\n  of those that break the limit of a gate that asks for proof at most ${pass} pass it\n`;
}

export function targetRows({ target }: Plan, paint: Paint): readonly (readonly string[])[] {
  const { workload, service, router, namespace, cluster } = target;
  const objects = `${workload.kind} ${workload.name}, Service ${service.name}:${service.port}, ${router.kind} ${router.name}`;
  return [
    [paint.faint('Target'), objects],
    [paint.faint('Place'), `namespace ${namespace}, cluster ${cluster}`],
  ];
}

/**
 * @param numbers how each phase's number is shown; plain by default.
 * @param keep how the time after the last phase is shown; faint by default.
 */
export function phaseTable(
  { phases, keepOldMs }: Plan,
  paint: Paint,
  numbers: (index: number) => string = (index) => String(index + 1),
  keep: (text: string) => string = paint.faint,
): string {
  const titles = ['phase', 'weight', 'bake', 'gates', 'approval'].map(paint.faint);
  const rows = phases.map(({ weightPercent, bakeMs, gates, requireApproval }, index) => [
    numbers(index),
    percent(weightPercent),
    bakeMs === 0 ? '-' : span(bakeMs),
    gatesText(gates),
    requireApproval ? 'by a person' : '-',
  ]);
  const kept =
    keepOldMs === 0 ? '' : `  ${keep(`then the old release is kept warm for ${span(keepOldMs)}`)}\n`;
  return table([titles, ...rows], '  ') + kept;
}

export function guardLines({ guards, guardIntervalMs }: Plan): string {
  const lines = guards.map((guard) => `  ${guardText(guard)}\n`).join('');
  return `${lines}  every ${span(guardIntervalMs)}; a breach rolls back at once\n`;
}
