import type { Random } from './random.ts';

/** From so many expected ones on, the normal distribution is as good and needs no loop. */
const manyExpected = 100;

/**
 * How many of `total` have a property that each has with probability `share`: by jumping from one to the next where they
 * are rare, by the normal approximation where they are not.
 */
export function drawBinomial(total: number, share: number, random: Random): number {
  if (share <= 0) return 0;
  if (share >= 1) return total;
  if (share > 1 / 2) return total - drawBinomial(total, 1 - share, random);
  return total * share < manyExpected ? byJumps(total, share, random) : byNormal(total, share, random);
}

function byJumps(total: number, share: number, random: Random): number {
  const perOther = Math.log1p(-share);
  let found = 0;
  let at = 0;
  for (;;) {
    at += Math.floor(Math.log(1 - random()) / perOther) + 1;
    if (at > total) return found;
    found += 1;
  }
}

/** Of mean 0 and deviation 1: Box and Muller (1958). */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function byNormal(total: number, share: number, random: Random): number {
  const drawn = Math.round(total * share + drawNormal(random) * Math.sqrt(total * share * (1 - share)));
  return Math.min(total, Math.max(0, drawn));
}

/**
 * How many of `total` fall into each of some classes, the last of which takes the rest.
 * @param below for each class, the probability to fall into it or one before it; rising, the last is 1.
 */
export function drawClasses(total: number, below: readonly number[], random: Random): number[] {
  let left = total;
  let before = 0;
  return below.map((upTo, index) => {
    const share = before >= 1 ? 0 : (upTo - before) / (1 - before);
    const drawn = index === below.length - 1 ? left : drawBinomial(left, share, random);
    left -= drawn;
    before = upTo;
    return drawn;
  });
}
