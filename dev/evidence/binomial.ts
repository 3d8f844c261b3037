/**
 * How many of `total` requests fail when each does with probability `share`, by jumping from failure to failure: quick
 * where failures are rare.
 * @param random 0 (included) to 1 (excluded).
 */
export function drawBinomial(total: number, share: number, random: () => number): number {
  if (share <= 0) return 0;
  if (share >= 1) return total;
  const perGood = Math.log1p(-share);
  let bad = 0;
  let at = 0;
  for (;;) {
    at += Math.floor(Math.log(1 - random()) / perGood) + 1;
    if (at > total) return bad;
    bad += 1;
  }
}
