/** Which texts are the same, and which almost are. */
import { hashOf } from '../judge/hash.ts';

/** A text as it is compared: however it is spelt, spaced and capitalised. */
export function normalised(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** Long enough to tell texts apart, short enough for questions of a few words and for languages without blanks. */
const shingleLength = 5;
/** The resemblance of two sketches is off by about 0.04 at 0.8; of texts with fewer shingles it is exact. */
const sketchSize = 128;

/** The smallest hashes of a text's shingles, rising: all that it takes to estimate how much of two texts is the same. */
export type Sketch = readonly number[];

/**
 * A text's bottom-k sketch over all of its runs of five characters (A. Broder, "On the resemblance and containment of
 * documents", 1997, section 3).
 */
export function sketchOf(text: string): Sketch {
  const compared = normalised(text);
  const hashes = new Set<number>();
  const last = Math.max(0, compared.length - shingleLength);
  for (let start = 0; start <= last; start += 1)
    hashes.add(hashOf(compared.slice(start, start + shingleLength)));
  return [...hashes].sort((a, b) => a - b).slice(0, sketchSize);
}

/** The share of both texts' shingles that both have (Jaccard), 0 to 1: of the smallest in the union, those in both. */
export function resemblance(one: Sketch, other: Sketch): number {
  let [here, there, union, both] = [0, 0, 0, 0];
  while (union < sketchSize && (here < one.length || there < other.length)) {
    const [a, b] = [one[here] ?? Infinity, other[there] ?? Infinity];
    union += 1;
    if (a === b) both += 1;
    if (a <= b) here += 1;
    if (b <= a) there += 1;
  }
  return union === 0 ? 1 : both / union;
}

/** From here on two texts are taken for almost the same. */
export const leastResemblance = 0.8;

/** A text that resembles another by 0.8 has each of its shingles with that chance: all eight are missed once in 400,000. */
const keysAsked = 8;

/** Texts of which none is almost the same as another. */
export class DistinctTexts {
  readonly #holders = new Map<number, Sketch[]>();

  /** @returns false, and does not take it, when one is almost the same. */
  add(text: string): boolean {
    const sketch = sketchOf(text);
    const candidates = new Set(sketch.slice(0, keysAsked).flatMap((it) => this.#holders.get(it) ?? []));
    for (const other of candidates) if (resemblance(sketch, other) >= leastResemblance) return false;
    for (const key of sketch) {
      const holders = this.#holders.get(key);
      if (holders === undefined) this.#holders.set(key, [sketch]);
      else holders.push(sketch);
    }
    return true;
  }
}
