/** Exactly the registered workflows. */
export { readSeries } from './read-series.ts';
export { readTraffic } from './read-traffic.ts';
export { rollout } from './rollout.ts';
