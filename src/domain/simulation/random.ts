/** Numbers from 0 (included) to 1 (excluded). */
export type Random = () => number;

/**
 * Chance that can be had again: the same seed gives the same numbers.
 *
 * The generator is mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough to draw requests and far
 * too weak for anything secret.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
