import { isDeepStrictEqual } from 'node:util';
import { failureTypes } from '../../domain/failures.ts';
import type { HeaderRule } from '../../domain/plan/plan.ts';
import { PortFault } from '../../ports/faults.ts';
import {
  namesStable,
  routeLimits,
  type Arms,
  type BackendRef,
  type HeaderMatch,
  type RouteMatch,
  type RouteRule,
} from './http-route.ts';

/**
 * Puts a rule for the header in front of each rule that leads to stable: the same matches with the header besides, the
 * same filters and timeouts, to the canary only. Directly in front, not at the top: where two matches are equally
 * specific the earlier rule wins, and foreign rules above must go on winning.
 * @param rules without header rules of ours.
 * @throws PortFault Refused when a route cannot hold that many rules or matches.
 */
export function withHeaderRules(rules: readonly RouteRule[], header: HeaderRule, arms: Arms): RouteRule[] {
  const result = rules.flatMap((rule) => {
    const made = headerRuleFor(rule, header, arms);
    return made === null ? [rule] : [made, rule];
  });
  const matches = result.map((rule) => rule.matches?.length ?? 1).reduce((a, b) => a + b, 0);
  if (result.length > routeLimits.rules || matches > routeLimits.matches) {
    throw new PortFault(
      failureTypes.Refused,
      `cannot add rules for the header ${header.name}: a route holds at most ${routeLimits.rules} rules and ` +
        `${routeLimits.matches} matches, with them it would have ${result.length} and ${matches}`,
    );
  }
  return result;
}

/**
 * Whether a rule is one that {@link withHeaderRules} made: it leads to the canary only, and only with the header. Rules
 * have no names in every version of the API, so it is told by content.
 */
export function isHeaderRule(rule: RouteRule, header: HeaderRule, arms: Arms): boolean {
  const { matches = [] } = rule;
  const hasHeader = (match: RouteMatch) => (match.headers ?? []).some((it) => matchesHeader(it, header));
  return leadsToCanaryOnly(rule, arms) && matches.length > 0 && matches.every(hasHeader);
}

/** The same where the note of the header is gone: a rule that leads to stable has the same matches less one header. */
export function looksLikeHeaderRule(rule: RouteRule, rules: readonly RouteRule[], arms: Arms): boolean {
  const { matches = [] } = rule;
  const ofStable = rules.filter((it) => namesStable(it, arms)).flatMap((it) => it.matches ?? []);
  const hasTwin = (match: RouteMatch) =>
    (match.headers ?? []).some((header) =>
      ofStable.some((it) => isDeepStrictEqual(it, withoutHeader(match, header))),
    );
  return leadsToCanaryOnly(rule, arms) && matches.length > 0 && matches.every(hasTwin);
}

function leadsToCanaryOnly({ backendRefs = [] }: RouteRule, arms: Arms): boolean {
  return backendRefs.length > 0 && backendRefs.every(arms.isCanary);
}

function headerRuleFor(rule: RouteRule, header: HeaderRule, arms: Arms): RouteRule | null {
  const stable = rule.backendRefs?.find((ref) => arms.isStable(ref));
  if (stable === undefined) return null;
  const matches = (rule.matches ?? [{}]).flatMap((match) => withHeader(match, header));
  if (matches.length === 0) return null;
  // Names of rules are unique.
  const same = without(rule, 'name');
  const canary: BackendRef = { ...stable, name: arms.canary, weight: 1 };
  return { ...same, matches, backendRefs: [canary] };
}

/** A match that asks for another value of the same header can never hold together with ours: no match then. */
function withHeader(match: RouteMatch, header: HeaderRule): RouteMatch[] {
  const { headers = [] } = match;
  const same = headers.find((it) => it.name.toLowerCase() === header.name.toLowerCase());
  if (same !== undefined) return matchesHeader(same, header) ? [match] : [];
  return [{ ...match, headers: [...headers, { type: 'Exact', name: header.name, value: header.value }] }];
}

function matchesHeader(found: HeaderMatch, header: HeaderRule): boolean {
  return (
    isExact(found) && found.name.toLowerCase() === header.name.toLowerCase() && found.value === header.value
  );
}

function isExact(found: HeaderMatch): boolean {
  return (found.type ?? 'Exact') === 'Exact';
}

function withoutHeader(match: RouteMatch, header: HeaderMatch): RouteMatch {
  const headers = (match.headers ?? []).filter((it) => it !== header);
  return headers.length === 0 ? without(match, 'headers') : { ...match, headers };
}

function without<T extends object>(object: T, key: keyof T & string): T {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key)) as T;
}
