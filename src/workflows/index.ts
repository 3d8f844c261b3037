/** Exactly the registered workflows. */
export { rollout } from './rollout.ts';
