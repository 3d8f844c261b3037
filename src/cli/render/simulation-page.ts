import type { SimulationSummary, Spread } from '../../domain/simulation/summary.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';
import { span } from '../../domain/rollout/span.ts';
import { count } from './words.ts';

/** A scenario and what came of it. */
export interface Simulated {
  readonly scenario: string;
  readonly what: string;
  readonly summary: SimulationSummary;
}

interface Asked {
  readonly requestsPerSecond: number;
  readonly times: number;
  /** Metrics that cannot be played. */
  readonly takenAsKept: readonly string[];
}

/** One line a scenario; numbers are medians, with what one in ten exceeds in brackets. */
export function simulationPage(
  simulated: readonly Simulated[],
  { requestsPerSecond, times, takenAsKept }: Asked,
  paint: Paint,
): string {
  const head = ['CANARY', 'ENDS', 'AFTER', 'SENT TO IT', 'FAILED', 'DECIDED BY'].map(paint.faint);
  const rows = simulated.map(({ scenario, summary }) => [
    paint.strong(scenario),
    ends(summary, paint),
    ...afterwards(summary),
    summary.because.map(({ what, share }) => (share === 1 ? what : `${what} ${percent(share)}`)).join(', '),
  ]);
  const legend = simulated.map(({ scenario, what }) => [`${scenario}:`, what]);
  return [
    `${count(times, 'rollout')} each, ${requestsPerSecond} requests/s; of rollbacks the median, and what one in ten exceeds\n\n`,
    table([head, ...rows]),
    '\n',
    table(legend.map((row) => row.map(paint.faint))),
    ...(takenAsKept.length === 0
      ? []
      : [
          `\n${paint.warn('taken as kept')}, since nobody can play what others compute: ${takenAsKept.join(', ')}\n`,
        ]),
  ].join('');
}

function ends({ promoted, held, rolledBack, heldMs }: SimulationSummary, paint: Paint): string {
  const waited = heldMs !== null && heldMs.median > 0 ? ` (held ${span(heldMs.median)} before)` : '';
  return [
    ...(promoted > 0 ? [`${paint.good('promoted')} ${percent(promoted)}${waited}`] : []),
    ...(held > 0 ? [`${paint.warn('held')} ${percent(held)}`] : []),
    ...(rolledBack > 0 ? [`${paint.bad('rolled back')} ${percent(rolledBack)}`] : []),
  ].join(', ');
}

function afterwards({ rollbacks }: SimulationSummary): string[] {
  if (rollbacks === null) return ['', '', ''];
  const { afterMs, requests, failed } = rollbacks;
  return [
    spread(afterMs, (ms) => span(Math.round(ms / 1000) * 1000)),
    spread(requests, String),
    spread(failed, String),
  ];
}

function spread({ median, p90 }: Spread, written: (value: number) => string): string {
  return median === p90 ? written(median) : `${written(median)} (${written(p90)})`;
}

/** Whole percents, but where that would say never or always. */
function percent(share: number): string {
  const digits = share > 0.99 || share < 0.01 ? 1 : 0;
  return `${(share * 100).toFixed(share === 1 ? 0 : digits)} %`;
}
