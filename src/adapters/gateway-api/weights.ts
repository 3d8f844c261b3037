import { isDeepStrictEqual } from 'node:util';
import { failureTypes } from '../../domain/failures.ts';
import { PortFault } from '../../ports/faults.ts';
import { routeLimits, type Arms, type BackendRef } from './http-route.ts';

/** Weights are percent with three decimals; this is 100 % in thousandths of a percent. */
const whole = 100_000;

/** Stable's part of a rule is at least this, so that whole percents read as such: 90 and 10. */
const readablePart = 100;

/** How far from the asked percent a split may be, in percentage points; {@link canaryShare} rounds it away. */
const toleratedPoints = 0.0005;

/**
 * Splits what a rule gives stable (and gave the canary) between the two. Foreign backends keep their share of the rule.
 *
 * Weights of a rule are relative to each other, so the whole rule is scaled: first down by the greatest common divisor,
 * then up by the smallest power of ten that makes stable's part at least 100 and the split exact. `vllm` alone at 10 %
 * becomes 90 and 10, at 0.1 % 999 and 1; `vllm: 80, other: 20` at 10 % becomes 360, 40 and 100. The result depends on
 * shares only, not on earlier splits. Each canary ref follows its stable ref and copies the rest of it, filters too.
 * @param weightPercent 0 to 100; with 0 the canary is named and gets nothing.
 * @throws PortFault Refused when the API's largest weight leaves no room for the split.
 */
export function split(refs: readonly BackendRef[], weightPercent: number, arms: Arms): BackendRef[] {
  const parts = Math.round((weightPercent / 100) * whole);
  const joined = join(refs, arms);
  const divisor = joined.map(weightOf).reduce(greatestCommonDivisor, 0);
  const stableWeights = joined.filter(arms.isStable).map((ref) => weightOf(ref) / divisor);
  if (!stableWeights.some((weight) => weight > 0)) return [...refs];
  const largest = Math.max(...joined.map(weightOf)) / divisor;
  const scale = scaleFor(stableWeights, largest, parts);
  return joined.flatMap((ref) => {
    const weight = (weightOf(ref) / divisor) * scale;
    // A backend without weight gets no requests; its canary would get none either.
    if (!arms.isStable(ref) || weight === 0) return [{ ...ref, weight }];
    const canary = Math.round((weight * parts) / whole);
    refuseWhenCoarse(canary / weight, weightPercent, refs);
    return [
      { ...ref, weight: weight - canary },
      { ...ref, name: arms.canary, weight: canary },
    ];
  });
}

/**
 * The rule without its canary: each canary ref's weight goes to the stable ref with the same filters, or to the first
 * one; where somebody removed stable, the canary's place becomes stable's. Shares of foreign backends stay.
 */
export function join(refs: readonly BackendRef[], arms: Arms): BackendRef[] {
  if (!refs.some(arms.isStable))
    return refs.map((ref) => (arms.isCanary(ref) ? { ...ref, name: arms.stable } : ref));
  const joined = refs.filter((ref) => !arms.isCanary(ref));
  for (const canary of refs.filter(arms.isCanary)) {
    const like = joined.findIndex(
      (ref) => arms.isStable(ref) && isDeepStrictEqual(ref.filters, canary.filters),
    );
    const index = like === -1 ? joined.findIndex(arms.isStable) : like;
    const stable = joined[index];
    if (stable) joined[index] = { ...stable, weight: weightOf(stable) + weightOf(canary) };
  }
  return joined;
}

/** Both give every backend the same share of the requests, in the same order, with the same filters. */
export function sameShares(one: readonly BackendRef[], other: readonly BackendRef[]): boolean {
  return isDeepStrictEqual(reduced(one), reduced(other));
}

/**
 * Percent of the arms' requests that refs give the canary, with three decimals.
 * @returns null when they give neither arm any.
 */
export function canaryShare(refs: readonly BackendRef[], arms: Arms): number | null {
  const sum = (some: readonly BackendRef[]) => some.map(weightOf).reduce((a, b) => a + b, 0);
  const canary = sum(refs.filter(arms.isCanary));
  const both = canary + sum(refs.filter(arms.isStable));
  return both === 0 ? null : Math.round((canary / both) * whole) / (whole / 100);
}

function weightOf(ref: BackendRef): number {
  return ref.weight ?? 1;
}

function scaleFor(stableWeights: readonly number[], largest: number, parts: number): number {
  const stablePart = stableWeights.reduce((a, b) => a + b, 0);
  const exact = (scale: number) => stableWeights.every((weight) => (weight * scale * parts) % whole === 0);
  let scale = 1;
  while (largest * scale * 10 <= routeLimits.weight) {
    if (stablePart * scale >= readablePart && exact(scale)) break;
    scale *= 10;
  }
  return scale;
}

function refuseWhenCoarse(share: number, weightPercent: number, refs: readonly BackendRef[]): void {
  const points = Math.abs(share * 100 - weightPercent);
  if (points <= toleratedPoints && (share > 0 || weightPercent === 0)) return;
  const found = refs.map((ref) => `${ref.name} ${weightOf(ref)}`).join(', ');
  throw new PortFault(
    failureTypes.Refused,
    `cannot lead ${weightPercent} % to the canary: the route's weights must stay below ` +
      `${routeLimits.weight} and leave room for the split; found ${found}`,
  );
}

/** What makes a difference to requests. */
function reduced(refs: readonly BackendRef[]): BackendRef[] {
  const divisor = refs.map(weightOf).reduce(greatestCommonDivisor, 0);
  return refs.map((ref) => ({ ...ref, weight: divisor === 0 ? 0 : weightOf(ref) / divisor }));
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
