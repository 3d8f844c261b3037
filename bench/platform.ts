import { setTimeout as delay } from 'node:timers/promises';
import { bringUp } from '../dev/platform/up.ts';
import { removePlatform } from '../dev/platform/state.ts';
import { readUsage } from './usage.ts';
import { settings } from './settings.ts';
import { spread } from './spread.ts';
import { renderTable } from './table.ts';

const cycles = 10;
const idleMs = 60_000;
/** Pods and watches settle before the idle time is measured. */
const settleMs = 20_000;

/** Its page of docs/benchmarks.md. */
export async function benchPlatform(say: (line: string) => void): Promise<string> {
  const rows = await measurePlatform(say);
  const table = renderTable(
    ['', 'median', 'max', 'budget'],
    rows.map(({ what, median, max, budget }) => [what, median, max, budget]),
  );
  return `## The embedded platform\n\n${table}\n`;
}

/** One measured quantity; figures are text as they are to be read, the unit is in `what`. */
interface Row {
  readonly what: string;
  readonly median: string;
  readonly max: string;
  /** What it must stay below; empty where nothing is promised. */
  readonly budget: string;
}

/**
 * Ten times up and down with everything in the cache, then a minute of an idle platform.
 * @param say told about each step.
 */
async function measurePlatform(say: (line: string) => void): Promise<Row[]> {
  await removePlatform(settings);
  const [upSeconds, downSeconds]: [number[], number[]] = [[], []];
  for (let cycle = 1; cycle <= cycles; cycle += 1) {
    upSeconds.push(await secondsOf(() => bringUp(settings, say)));
    downSeconds.push(await secondsOf(() => removePlatform(settings)));
    say(
      `cycle ${cycle} of ${cycles}: up ${upSeconds.at(-1)?.toFixed(1)} s, down ${downSeconds.at(-1)?.toFixed(1)} s`,
    );
  }
  await bringUp(settings, say);
  await delay(settleMs);
  const before = await readUsage(settings.name);
  await delay(idleMs);
  const after = await readUsage(settings.name);
  await removePlatform(settings);
  const cores = (after.cpuSeconds - before.cpuSeconds) / (idleMs / 1000);
  return [
    { what: `make up, warm, ${cycles} times in a row (s)`, ...spread(upSeconds), budget: '20' },
    { what: `make down, ${cycles} times in a row (s)`, ...spread(downSeconds), budget: '' },
    {
      what: `CPU of an idle platform over ${idleMs / 1000} s (cores)`,
      median: cores.toFixed(3),
      max: '',
      budget: '0.5',
    },
    {
      what: 'memory of an idle platform, page cache included (GB)',
      median: (after.memoryBytes / 1e9).toFixed(2),
      max: '',
      budget: '3',
    },
  ];
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
