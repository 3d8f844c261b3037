import { limitText, nameOf } from '../../domain/analysis/wording.ts';
import type { Catch } from '../../domain/prospects/catch.ts';
import type { GateProspect } from '../../domain/prospects/gate-prospect.ts';
import type { PhaseProspect } from '../../domain/prospects/phase-prospect.ts';
import type { Prospects } from '../../domain/prospects/prospects.ts';
import { span } from '../../domain/rollout/span.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';
import { percent } from './words.ts';

/** `sluice check --live`: what the plan can prove at today's traffic. */
export function prospectsPage(prospects: Prospects, paint: Paint): string {
  const { requestsPerSecond, windowMs, phases, catches } = prospects;
  const asked = phases.filter((it) => it.bakeMs > 0);
  return [
    `${paint.strong("At today's traffic")}: ${about(requestsPerSecond)} requests/s in the last ${span(windowMs)}\n`,
    table(
      [
        ['phase', 'to the canary', 'gates, of a canary that is as stable'].map(paint.faint),
        ...asked.flatMap((it) => phaseRows(it, phases.indexOf(it) + 1, paint)),
      ],
      '  ',
    ),
    `\n${paint.strong('A canary that fails')}\n`,
    table(
      catches.map((it) => catchRow(it, phases.length, paint)),
      '  ',
    ),
  ].join('');
}

function phaseRows(
  { weightPercent, requests, gates }: PhaseProspect,
  number: number,
  paint: Paint,
): string[][] {
  const lines =
    gates.length === 0
      ? ['-']
      : gates.map(({ criterion, prospect }) => {
          return `${nameOf(criterion)} ${limitText(criterion)}: ${prospectText(prospect, paint)}`;
        });
  const first = [`${number} (${percent(weightPercent)})`, `${about(requests.canary)} requests`];
  return lines.map((line, index) => [...(index === 0 ? first : ['', '']), line]);
}

function prospectText(prospect: GateProspect, paint: Paint): string {
  switch (prospect.kind) {
    case 'passes':
      return prospect.proof ? paint.good('proven') : `${paint.good('passes')} without proof`;
    case 'cannotTell':
      return prospect.neededBakeMs === null
        ? paint.warn('cannot tell, however long the bake')
        : `${paint.warn('cannot tell')}, it takes a bake of ${span(prospect.neededBakeMs)}`;
    case 'fails':
      return paint.bad('fails: stable itself does not keep it');
    case 'unknown':
      return `${paint.warn('nobody knows')}: ${prospect.why}`;
  }
}

const found = {
  guard: 'by a guard',
  gate: 'by a gate',
  holdLimit: 'when its hold is over',
} as const;

function catchRow(caught: Catch, phases: number, paint: Paint): string[] {
  const { errorShare, ends, by, phase, afterMs, failed } = caught;
  const what = percent(errorShare * 100);
  if (by === null) return [what, paint.bad('is promoted')];
  const where = phase === null ? 'while the old release is kept' : `in phase ${phase + 1} of ${phases}`;
  const word = ends === 'held' ? paint.warn('is still held') : paint.good('is rolled back');
  const price = `${about(Math.ceil(failed))} failed requests`;
  return [what, `${word} ${found[by]} ${where}, after about ${aboutSpan(afterMs)} and ${price}`];
}

/** Two digits: nobody knows more. */
function about(amount: number): string {
  const two = Number(amount.toPrecision(2));
  return amount >= 1000 ? two.toLocaleString('en') : String(two);
}

function aboutSpan(ms: number): string {
  const unitMs = ms < 600_000 ? 10_000 : 60_000;
  return span(Math.max(unitMs, Math.round(ms / unitMs) * unitMs));
}
