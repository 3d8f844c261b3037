import { createHash } from 'node:crypto';

/** A uniform number in [0, 1) for one purpose. */
export type Draw = (purpose: 'garbage' | 'refusal' | 'bias' | 'accuracy' | 'side') => number;

/** Draws that are a pure function of the seed, a text and the purpose. */
export function drawOf(seed: number, text: string): Draw {
  return (purpose) =>
    createHash('sha256').update(`${seed} ${purpose} ${text}`).digest().readUInt32BE() / 2 ** 32;
}
