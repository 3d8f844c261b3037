/** Exactly the registered workflows. */
export { readTraffic } from './read-traffic.ts';
export { rollout } from './rollout.ts';
