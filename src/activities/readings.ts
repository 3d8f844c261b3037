import { alive } from './alive.ts';
import type { Ports } from './deps.ts';
import { readSeries } from './read-series.ts';
import { readTraffic } from './read-traffic.ts';
import type { ReadingActivities } from './types.ts';

/** The activities that a worker registers for whoever asks it something, over what it was given of the world. */
export function createReadings(ports: Pick<Ports, 'metrics'>): ReadingActivities {
  return {
    readSeries: (question) => alive((signal) => readSeries(ports, question, signal)),
    readTraffic: ({ plan }) => alive((signal) => readTraffic(ports, plan, signal)),
  };
}
