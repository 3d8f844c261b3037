import { configMapBytes } from '../../domain/prompts/config-map.ts';
import type { CheckedSet, Counted } from '../prompts/check-set.ts';
import type { MadeSet } from '../prompts/make-set.ts';
import type { RequestLog } from '../prompts/request-log.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';
import { count, oneLine } from './words.ts';

/** `sluice prompts make`: what was read, what was chosen. */
export function madePage(
  { lines, repeated, unusable, strata }: RequestLog,
  made: MadeSet,
  wanted: number,
  paint: Paint,
): string {
  const different = strata.reduce((sum, it) => sum + it.lines.length, 0);
  const lost = unusable.reduce((sum, it) => sum + it.lines, 0);
  const rows = [
    [
      'read',
      `${count(lines, 'line')}: ${different} different requests, ${repeated} repeated, ${lost} unusable`,
    ],
    ...unusable.map((it) => ['', `${it.lines} unusable: ${it.why} (first in line ${it.firstLine})`]),
    ['chosen', chosenText(made, wanted, paint)],
    ['masked', `something in ${count(made.masked, 'prompt')}; read them all the same`],
    ['size', sizeText(Buffer.byteLength(made.text), paint)],
  ];
  return `${named(rows, paint)}\n${table(strataRows(made, paint), '  ')}`;
}

function chosenText({ prompts, alike }: MadeSet, wanted: number, paint: Paint): string {
  const over = alike === 0 ? '' : `; ${alike} passed over that are almost the same as another`;
  const fewer = prompts < wanted ? paint.warn(`, fewer than ${wanted}: there are no more that differ`) : '';
  return `${count(prompts, 'prompt')}${fewer}${over}`;
}

/** Large strata of a log with many categories, and what the others are together. */
const mostRows = 30;

function strataRows({ strata }: MadeSet, paint: Paint): string[][] {
  const titles = ['category', 'length', 'turns', 'writing', 'found', 'chosen'].map(paint.faint);
  const rows = strata.slice(0, mostRows).map(({ category, length, turns, writing, found, chosen }) => {
    return [
      category === null ? '-' : oneLine(category),
      length,
      turns,
      writing,
      String(found),
      String(chosen),
    ];
  });
  const rest = strata.slice(mostRows);
  const sum = (of: 'found' | 'chosen') => String(rest.reduce((all, it) => all + it[of], 0));
  const others = rest.length === 0 ? [] : [[`${rest.length} more`, '', '', '', sum('found'), sum('chosen')]];
  return [titles, ...rows, ...others];
}

/** `sluice prompts check`: what a good set is. */
export function checkedPage(file: string, set: Extract<CheckedSet, { kind: 'ok' }>, paint: Paint): string {
  const { prompts, bytes, sha256, categories, checkers, withReference, personal } = set;
  const judged = checkers.find((it) => it.name === null)?.prompts ?? 0;
  const checked = checkers.filter((it) => it.name !== null);
  const rows = [
    ['prompts', `${prompts}, ${withReference} with a reference`],
    ['checked', checked.length === 0 ? 'none by a checker' : countedText(checked)],
    ['judged', judged === 0 ? 'none: no judge is needed' : `${judged} by the judge`],
    ['categories', countedText(categories)],
    ['size', sizeText(bytes, paint)],
    ['sha256', sha256],
    ...(personal.length === 0 ? [] : [['personal', personalText(personal, paint)]]),
  ];
  return `${paint.good('ok')} ${paint.strong(file)}\n\n${named(rows, paint)}`;
}

const mostLines = 10;

function personalText(lines: readonly number[], paint: Paint): string {
  const first = lines.slice(0, mostLines).join(', ');
  const more = lines.length > mostLines ? ', …' : '';
  return paint.warn(
    `${count(lines.length, 'prompt')} may hold personal data or secrets: line ${first}${more}`,
  );
}

function countedText(all: readonly Counted[]): string {
  const first = all
    .slice(0, mostRows)
    .map(({ name, prompts }) => `${name === null ? 'none' : oneLine(name)} ${prompts}`);
  return [...first, ...(all.length > mostRows ? [`${all.length - mostRows} more`] : [])].join(', ');
}

function sizeText(bytes: number, paint: Paint): string {
  const size = `${Math.ceil(bytes / 1024)} KiB`;
  return bytes <= configMapBytes
    ? `${size}: fits into a ConfigMap`
    : paint.warn(`${size}: too large for a ConfigMap (1 MiB); ask for fewer, or offer it at an address`);
}

function named(rows: readonly (readonly string[])[], paint: Paint): string {
  return table(rows.map(([title = '', text = '']) => [paint.faint(title), text]));
}
