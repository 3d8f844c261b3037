/**
 * Counter-based random numbers: a draw is a pure function of seed, request
 * number and purpose, so neither timing nor another knob can shift it.
 */

const { imul } = Math;

/** What a draw decides. Each purpose is a stream of its own; the numbers are part of the sequence, do not renumber. */
const streams = { fault: 1, faultPoint: 2, quality: 3, ttft: 4, interToken: 5, answerTokens: 6 } as const;

export type Purpose = keyof typeof streams;

/** Names one draw: the server's seed, the request's number, and what is decided. */
export interface DrawKey {
  readonly seed: number;
  readonly request: number;
  readonly purpose: Purpose;
  /** Which of several draws for one purpose, e.g. the token. Default 0. */
  readonly index?: number;
}

/** The 99th percentile of the standard normal distribution. */
const z99 = 2.3263478740408408;

/** A uniform number in [0, 1), in steps of 2^-32. */
export function uniform(key: DrawKey): number {
  return fraction(key, key.index ?? 0);
}

/** A standard normal number (Box-Muller over two uniform draws). */
export function standardNormal(key: DrawKey): number {
  const first = 2 * (key.index ?? 0);
  // 1 - u lies in (0, 1], where the logarithm is finite.
  const radius = Math.sqrt(-2 * Math.log(1 - fraction(key, first)));
  return radius * Math.cos(2 * Math.PI * fraction(key, first + 1));
}

/** The lognormal value at the normal deviate `z`, from its median and 99th percentile; a median of 0 gives 0. */
export function lognormal(median: number, p99: number, z: number): number {
  return median === 0 ? 0 : median * Math.exp((z * Math.log(p99 / median)) / z99);
}

/**
 * Picks at most one of several kinds so that each has exactly its share of [0, 1).
 * Every kind owns an equal slot and fills it from the start, so changing one share leaves the others' draws
 * alone; only what exceeds a slot (250 of 1000 for four kinds) spills into the free room of the others.
 * @param u uniform in [0, 1)
 * @param perThousand share of each kind, >= 0, together <= 1000
 */
export function pickKind<K extends string>(
  u: number,
  perThousand: Readonly<Record<K, number>>,
): K | undefined {
  const kinds = Object.keys(perThousand) as K[];
  const slot = 1000 / kinds.length;
  const own = Math.min(Math.floor((u * 1000) / slot), kinds.length - 1);
  const offset = u * 1000 - own * slot;
  const used = kinds.map((kind) => Math.min(perThousand[kind], slot));
  if (offset < (used[own] ?? 0)) return kinds[own];
  // The place of `u` in the free room of all slots, laid end to end.
  let free = offset - (used[own] ?? 0) + own * slot - sum(used.slice(0, own));
  for (const kind of kinds) {
    const spilled = Math.max(0, perThousand[kind] - slot);
    if (free < spilled) return kind;
    free -= spilled;
  }
  return undefined;
}

function fraction({ seed, request, purpose }: DrawKey, index: number): number {
  let hash = mix(seed ^ 0x9e3779b9);
  hash = mix(hash + imul(request, 0x9e3779b1));
  hash = mix(hash + imul(streams[purpose], 0x85ebca77));
  hash = mix(hash + imul(index, 0xc2b2ae3d));
  return hash / 2 ** 32;
}

/** The finaliser of MurmurHash3: every input bit reaches every output bit. */
function mix(value: number): number {
  let hash = value;
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
