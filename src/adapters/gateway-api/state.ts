import type { Target } from '../../domain/plan/plan.ts';
import type { TrafficState } from '../../ports/traffic.ts';
import { armsOf, namesStable, type HttpRoute, type ParentRef, type ParentStatus } from './http-route.ts';
import { fenceOn } from './notes.ts';
import { weightedRules } from './route.ts';
import { canaryShare } from './weights.ts';

/** What a route says about the two arms, as it was read. */
export function readState(route: HttpRoute, target: Target): TrafficState {
  const arms = armsOf(target);
  const rules = weightedRules(route, arms);
  const shares = rules
    .map((rule) => canaryShare(rule.backendRefs ?? [], arms))
    .filter((share) => share !== null);
  const [first = null, ...others] = shares;
  return {
    canaryWeightPercent: others.every((share) => share === first) ? first : null,
    fence: fenceOn(route),
    accepted: isAccepted(route),
    rules: rules.filter((rule) => namesStable(rule, arms)).length,
  };
}

/** Every parent that the route names has accepted this generation of it, with all its backends. */
function isAccepted(route: HttpRoute): boolean {
  const { parentRefs = [] } = route.spec;
  const answers = route.status?.parents ?? [];
  const accepts = (answer: ParentStatus) =>
    ['Accepted', 'ResolvedRefs'].every((type) =>
      answer.conditions?.some(
        (it) =>
          it.type === type && it.status === 'True' && it.observedGeneration === route.metadata.generation,
      ),
    );
  const isAccepting = (parent: string) =>
    answers.some((answer) => keyOf(answer.parentRef, route) === parent && accepts(answer));
  return parentRefs.length > 0 && parentRefs.every((parent) => isAccepting(keyOf(parent, route)));
}

function keyOf(parent: ParentRef, route: HttpRoute): string {
  const { group = 'gateway.networking.k8s.io', kind = 'Gateway', name, sectionName, port } = parent;
  const namespace = parent.namespace ?? route.metadata.namespace;
  return JSON.stringify([group, kind, namespace, name, sectionName ?? null, port ?? null]);
}
