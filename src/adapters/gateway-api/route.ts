/**
 * What a rollout does to an HTTPRoute, as functions from the route that was read to the route to write. One that
 * changes nothing gives back an equal route, and then nothing is written.
 */
import { failureTypes, type FailureType } from '../../domain/failures.ts';
import type { HeaderRule, Target } from '../../domain/plan/plan.ts';
import {
  mayClaim,
  mayWrite,
  type Fence,
  type FenceAnswer,
  type FenceOnRoute,
} from '../../domain/rollout/fence.ts';
import { PortFault } from '../../ports/faults.ts';
import { noteRules, restoreRules } from './before.ts';
import { isHeaderRule, looksLikeHeaderRule, withHeaderRules } from './header-rule.ts';
import { armsOf, namesCanary, namesStable, type Arms, type HttpRoute, type RouteRule } from './http-route.ts';
import { beforeOn, fenceOn, withNotes, type BeforeOnRoute } from './notes.ts';
import { canaryShare, split } from './weights.ts';

/** Owner of a fence that `sluice restore` leaves on a route that had none. */
const restorer = 'sluice-restore';

/** The route with the rollout's fence and its note of what was there. Unchanged when the rollout owns it already. */
export function claimed(route: HttpRoute, target: Target, fence: Fence): HttpRoute {
  const found = fenceOn(route);
  const taken = found !== null && found.rolloutId !== fence.rolloutId && !found.released;
  allow(mayClaim(found, fence), route, taken ? failureTypes.TargetTaken : failureTypes.StaleWrite);
  if (found?.rolloutId === fence.rolloutId) return route;
  const arms = armsOf(target);
  refuseWithoutStable(route, target, arms);
  if (leadsToCanary(route, arms)) {
    throw new PortFault(
      failureTypes.Refused,
      `cannot claim ${nameOf(route)}: it must not name Service ${arms.canary} yet, but a rule does; ` +
        'remove it first',
    );
  }
  const before = { rules: noteRules(rulesOf(route), [], arms), headerRule: null };
  return withNotes(route, { fence: { ...fence, released: false }, before });
}

/** The route with `weightPercent` of stable's requests for the canary, in every rule that names stable; 0 names it only. */
export function shifted(
  route: HttpRoute,
  target: Target,
  weightPercent: number,
  fence: Fence,
  headerRule: HeaderRule | null,
): HttpRoute {
  if (!(weightPercent >= 0 && weightPercent <= 100)) {
    throw new PortFault(
      failureTypes.Refused,
      `cannot shift ${nameOf(route)}: weightPercent must be 0 to 100; found ${weightPercent}`,
    );
  }
  allow(mayWrite(fenceOn(route), fence), route);
  const arms = armsOf(target);
  refuseWithoutStable(route, target, arms);
  const { before, rules } = withoutHeaderRules(route, arms);
  // Rules that others added since the claim are noted when the canary comes into them.
  const noted: BeforeOnRoute = { rules: noteRules(rules, before?.rules ?? [], arms), headerRule };
  const weighted = rules.map((rule) =>
    namesStable(rule, arms)
      ? { ...rule, backendRefs: split(rule.backendRefs ?? [], weightPercent, arms) }
      : rule,
  );
  const all = headerRule === null ? weighted : withHeaderRules(weighted, headerRule, arms);
  return withNotes(withRules(route, all), { fence: { ...fence, released: false }, before: noted });
}

/**
 * The route without canary and header rules, its backends as they were before the claim. Where somebody removed the
 * fence the way back is free: a fence keeps weights from rising, not from falling. Unchanged when nothing leads to the
 * canary and nothing can any more: this rollout, or a later one, has ended here.
 */
export function movedBack(route: HttpRoute, target: Target, fence: Fence): HttpRoute {
  const arms = armsOf(target);
  const found = fenceOn(route);
  const over = found !== null && found.released && !mayClaim(found, fence).allowed;
  if (over && !leadsToCanary(route, arms)) return route;
  if (found !== null) allow(mayWrite(found, fence), route);
  return withNotes(withoutCanary(route, arms), {
    fence: { ...fence, released: false },
    before: beforeOn(route),
  });
}

/**
 * The route with the rollout's fence released. On a route without a fence too: a claim of this rollout that is still
 * under way must not come in afterwards. Unchanged when done, or when another rollout owns the route.
 */
export function released(route: HttpRoute, fence: Fence): HttpRoute {
  const found = fenceOn(route);
  if (found !== null && found.rolloutId !== fence.rolloutId) return route;
  if (found?.released === true && beforeOn(route) === null) return route;
  if (found?.released === false) allow(mayWrite(found, fence), route);
  const epoch = Math.max(found?.epoch ?? 0, fence.epoch);
  return withNotes(route, { fence: { ...fence, epoch, released: true }, before: null });
}

/**
 * The route moved back and released, whoever owns it, from what is recorded on it. The owner is fenced off: its fence
 * is released, one epoch later. Unchanged when it was released and nothing else of a rollout is on it.
 */
export function restored(route: HttpRoute, target: Target, nowMs: number): HttpRoute {
  const arms = armsOf(target);
  const found = fenceOn(route);
  const back = withoutCanary(route, arms);
  if (found?.released === true && beforeOn(route) === null && back === route) return route;
  // Rollouts that started before now must not claim it.
  const nobody: FenceOnRoute = { rolloutId: restorer, startedAtMs: nowMs, epoch: 0, released: true };
  const fence = found === null ? nobody : { ...found, epoch: found.epoch + 1, released: true };
  return withNotes(back, { fence, before: null });
}

/** Rules that lead to an arm by weight; our header rules do not. */
export function weightedRules(route: HttpRoute, arms: Arms): RouteRule[] {
  const { rules } = withoutHeaderRules(route, arms);
  return rules.filter((rule) => namesStable(rule, arms) || namesCanary(rule, arms));
}

function withoutCanary(route: HttpRoute, arms: Arms): HttpRoute {
  const { before, rules } = withoutHeaderRules(route, arms);
  if (!leadsToCanary(route, arms)) return route;
  return withRules(route, restoreRules(rules, before?.rules ?? [], arms));
}

function withoutHeaderRules(
  route: HttpRoute,
  arms: Arms,
): { before: BeforeOnRoute | null; rules: RouteRule[] } {
  const before = beforeOn(route);
  const all = rulesOf(route);
  const ours = (rule: RouteRule) =>
    before === null
      ? looksLikeHeaderRule(rule, all, arms)
      : before.headerRule !== null && isHeaderRule(rule, before.headerRule, arms);
  return { before, rules: all.filter((rule) => !ours(rule)) };
}

function refuseWithoutStable(route: HttpRoute, target: Target, arms: Arms): void {
  const shares = rulesOf(route)
    .filter((rule) => namesStable(rule, arms))
    .map((rule) => canaryShare(rule.backendRefs ?? [], arms));
  if (shares.some((share) => share !== null)) return;
  const { name, port } = target.service;
  const refs = rulesOf(route).flatMap((rule) => rule.backendRefs ?? []);
  const found = refs.map((ref) => `${ref.name} port ${ref.port ?? 'none'} weight ${ref.weight ?? 1}`);
  throw new PortFault(
    failureTypes.Refused,
    `${nameOf(route)} must lead to Service ${name} port ${port} with a weight above 0; ` +
      `found ${found.length === 0 ? 'no backends' : found.join(', ')}`,
  );
}

function allow(
  answer: FenceAnswer,
  route: HttpRoute,
  otherwise: FailureType = failureTypes.StaleWrite,
): void {
  if (!answer.allowed) throw new PortFault(otherwise, `cannot change ${nameOf(route)}: ${answer.why}`);
}

function leadsToCanary(route: HttpRoute, arms: Arms): boolean {
  return rulesOf(route).some((rule) => namesCanary(rule, arms));
}

function rulesOf(route: HttpRoute): readonly RouteRule[] {
  return route.spec.rules ?? [];
}

function withRules(route: HttpRoute, rules: readonly RouteRule[]): HttpRoute {
  return { ...route, spec: { ...route.spec, rules } };
}

function nameOf(route: HttpRoute): string {
  return `HTTPRoute ${route.metadata.namespace ?? ''}/${route.metadata.name ?? ''}`;
}
