import { styleText } from 'node:util';
import type { LiveSecond } from './live.ts';
import type { LoadReport, Tally } from './report.ts';

/** From here on the generator itself distorts what it measures, in ms. */
const LATE_MS = 100;

type Paint = (style: 'red' | 'green' | 'bold' | 'dim' | 'yellow', text: string) => string;

/** The report for machines: JSON with milliseconds to three decimals, one line end. */
export function renderJson(report: LoadReport): string {
  const round = (_key: string, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
  return `${JSON.stringify(report, round, 2)}\n`;
}

/** One line about one second. */
export function renderSecond({ second, sent, inFlight, arms }: LiveSecond, colour: boolean): string {
  const paint = painter(colour);
  const parts = Object.entries(arms).map(([arm, it]) => {
    const failed = it.failed > 0 ? paint('red', ` failed ${it.failed} (${failureNames(it)})`) : ' failed 0';
    return `${paint('bold', arm)} ended ${it.sent} good ${it.good}${failed} p99 ${formatMs(it.latencyMs?.p99)}`;
  });
  const head = paint('dim', `${String(second + 1).padStart(4)}s  sent ${sent}, in flight ${inFlight}`);
  return `${[head, ...parts].join('  |  ')}\n`;
}

/** The report for people: a row for each arm, then what went wrong. */
export function renderReport(report: LoadReport, colour: boolean): string {
  const paint = painter(colour);
  const rows = [...Object.entries(report.arms), ['total', report.total] as const].map(([arm, it]) =>
    row(arm, it),
  );
  const [head = '', ...body] = alignColumns([columns, ...rows]);
  const summary = `sent ${report.sent} in ${(report.elapsedMs / 1000).toFixed(1)} s`;
  const open = report.inFlight > 0 ? `, ${report.inFlight} still in flight` : '';
  return [
    '',
    paint('bold', head),
    ...body,
    '',
    `${summary}${open}; times in ms, of good answers, from the intended send time`,
    lateness(report, paint),
    ...failures(report, paint),
    '',
  ].join('\n');
}

const columns = [
  ...['arm', 'sent', 'good', 'failed', 'p50', 'p90', 'p99', 'max'],
  ...['first p50', 'first p99', 'first max', 'chunks', 'tokens'],
];

function row(arm: string, { sent, good, failed, latencyMs, firstTokenMs, chunks, tokens }: Tally): string[] {
  return [
    ...[arm, String(sent), String(good), String(failed)],
    ...[latencyMs?.p50, latencyMs?.p90, latencyMs?.p99, latencyMs?.max].map(formatMs),
    ...[firstTokenMs?.p50, firstTokenMs?.p99, firstTokenMs?.max].map(formatMs),
    ...[String(chunks), String(tokens)],
  ];
}

/** The first column to the left, all others to the right. */
function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((cells) => cells.map(pad).join('  '));
}

function lateness({ maxLatenessMs }: LoadReport, paint: Paint): string {
  const text = `the generator was at most ${formatMs(maxLatenessMs)} ms late`;
  return maxLatenessMs < LATE_MS ? text : paint('yellow', `${text}: it fell behind, latencies include that`);
}

function failures({ total, examples }: LoadReport, paint: Paint): string[] {
  const lines = Object.entries(total.failures).map(([kind, count]) => {
    const example = examples[kind as keyof typeof examples] ?? '';
    return paint('red', `failed ${count}: ${kind}${example === '' ? '' : `, first: ${oneLine(example)}`}`);
  });
  return lines.length > 0 ? lines : [paint('green', 'nothing failed')];
}

function failureNames({ failures: kinds }: Tally): string {
  return Object.entries(kinds)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
}

function formatMs(ms: number | undefined): string {
  if (ms === undefined) return '-';
  return ms < 10 ? ms.toFixed(1) : ms.toFixed(0);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function painter(colour: boolean): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}
