import { setTimeout as delay } from 'node:timers/promises';
import { bringUp } from '../dev/platform/up.ts';
import { readSettings } from '../dev/platform/settings.ts';
import { removePlatform } from '../dev/platform/state.ts';
import { readUsage } from './usage.ts';
import type { Row } from './table.ts';

/** Beside the developer's platform and the tests'. */
const settings = readSettings({ ...process.env, SLUICE_PLATFORM: '61' });
const cycles = 10;
const idleMs = 60_000;
/** Pods and watches settle before the idle time is measured. */
const settleMs = 20_000;

/**
 * Ten times up and down with everything in the cache, then a minute of an idle platform.
 * @param say told about each step.
 */
export async function measurePlatform(say: (line: string) => void): Promise<Row[]> {
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

function spread(values: readonly number[]): { median: string; max: string } {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return { median: middle.toFixed(1), max: (sorted.at(-1) ?? Number.NaN).toFixed(1) };
}
