import { isDeepStrictEqual } from 'node:util';
import { namesCanary, namesStable, type Arms, type RouteRule } from './http-route.ts';
import type { RuleBefore } from './notes.ts';
import { join, sameShares } from './weights.ts';

/*
 * A note about a rule says how its backends were written; it never decides who gets requests. It is used only where it
 * gives every backend the share that it has now, the canary's counted as stable's. So what others changed meanwhile in
 * a rule wins over the note, and a note that is put on the wrong rule can do no harm.
 */

/** Notes about all rules that name stable: fresh ones where the canary is not in a rule, the old ones elsewhere. */
export function noteRules(
  rules: readonly RouteRule[],
  noted: readonly RuleBefore[],
  arms: Arms,
): RuleBefore[] {
  const paired = pairUp(rules, noted, arms);
  return rules.flatMap((rule) => {
    const { matches = [], backendRefs = [] } = rule;
    if (namesCanary(rule, arms)) {
      const old = paired.get(rule);
      return old === undefined ? [] : [{ matches, backendRefs: old.backendRefs }];
    }
    return namesStable(rule, arms) ? [{ matches, backendRefs }] : [];
  });
}

/** The rules without the canary, written as noted where that says the same; rules without the canary stay. */
export function restoreRules(
  rules: readonly RouteRule[],
  noted: readonly RuleBefore[],
  arms: Arms,
): RouteRule[] {
  const paired = pairUp(rules, noted, arms);
  return rules.map((rule) => {
    if (!namesCanary(rule, arms)) return rule;
    return { ...rule, backendRefs: paired.get(rule)?.backendRefs ?? join(rule.backendRefs ?? [], arms) };
  });
}

/** Each rule that names the canary with its note: by equal matches, then, for rules whose matches changed, in order. */
function pairUp(
  rules: readonly RouteRule[],
  noted: readonly RuleBefore[],
  arms: Arms,
): Map<RouteRule, RuleBefore> {
  const unused = [...noted];
  const pairs = new Map<RouteRule, RuleBefore>();
  const pair = (fits: (note: RuleBefore, rule: RouteRule) => boolean) => {
    for (const rule of rules.filter((it) => namesCanary(it, arms) && !pairs.has(it))) {
      const joined = join(rule.backendRefs ?? [], arms);
      const index = unused.findIndex((it) => fits(it, rule) && sameShares(it.backendRefs, joined));
      const [note] = index === -1 ? [] : unused.splice(index, 1);
      if (note) pairs.set(rule, note);
    }
  };
  pair((note, rule) => isDeepStrictEqual(note.matches, rule.matches ?? []));
  pair(() => true);
  return pairs;
}
