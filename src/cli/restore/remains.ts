/** What a target's objects say about rollouts: pure, over a snapshot. */
import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import {
  armsOf,
  namesCanary,
  namesStable,
  type Arms,
  type BackendRef,
  type HttpRoute,
} from '../../adapters/gateway-api/http-route.ts';
import { beforeOn } from '../../adapters/gateway-api/notes.ts';
import { readState } from '../../adapters/gateway-api/state.ts';
import { gateLabels } from '../../adapters/kubernetes/gate.ts';
import type { Target } from '../../domain/plan/plan.ts';
import { annotations, labels, withSuffix } from '../../domain/rollout/naming.ts';
import type { ArmReadiness } from '../../ports/workload.ts';
import { percent } from '../render/words.ts';
import type { Remains, RouteRemains } from './cluster.ts';
import { findPins } from './pins.ts';
import type { Snapshot } from './snapshot.ts';
import { findTemplateChange } from './template.ts';

/** @param stable how many of stable's pods serve; null when its Deployment does not exist. */
export function remainsOf(target: Target, snapshot: Snapshot, stable: ArmReadiness | null): Remains {
  const { route, deployment, canaryDeployment, canaryService } = snapshot;
  const seen = route === null ? null : routeRemains(route, target);
  const pins = findPins(target, snapshot.autoscalers);
  const made = labelOf(canaryService, labels.rolloutId) !== undefined;
  const template = findTemplateChange(deployment, made ? canaryService : null);
  const ids = [
    seen?.owner,
    labelOf(deployment, gateLabels.owner),
    labelOf(canaryDeployment, labels.rolloutId),
    labelOf(canaryService, labels.rolloutId),
    ...pins.rolloutIds,
  ];
  const rolloutIds = [...new Set(ids.filter((id) => id !== undefined && id !== null))];
  const noted = route?.metadata.annotations?.[annotations.before] !== undefined;
  const marked = rolloutIds.length > 0 || noted;
  return {
    rolloutIds,
    route: seen,
    stable,
    canary: [canaryDeployment, canaryService].some((it) => labelOf(it, labels.rolloutId) !== undefined),
    toDo: {
      route: seen === null || route === null || !marked ? [] : routeOrders(route, seen, target),
      workload: [
        ...template.toDo,
        ...removals('Deployment', canaryDeployment, readyPods(canaryDeployment)),
        ...removals('Service', canaryService),
        ...pins.toDo,
        ...markRemoval(deployment),
      ],
    },
    leftAlone: [
      ...(marked || seen?.leadsToCanary !== true ? [] : [leadsToStranger(target)]),
      ...strangers('Deployment', canaryDeployment),
      ...strangers('Service', canaryService),
      ...pins.leftAlone,
      ...template.leftAlone,
    ],
    missing: [
      ...absent(route, 'HTTPRoute', target, target.router.name),
      ...absent(deployment, 'Deployment', target, target.workload.name),
      ...absent(snapshot.service, 'Service', target, target.service.name),
    ],
    strays: route === null || !marked ? [] : straysOn(route, armsOf(target), target),
  };
}

/** Who may write a route, and where it leads. */
export function routeRemains(route: HttpRoute, target: Target): RouteRemains {
  const { fence, canaryWeightPercent } = readState(route, target);
  const arms = armsOf(target);
  return {
    owner: fence === null || fence.released ? null : fence.rolloutId,
    canaryWeightPercent,
    leadsToCanary: (route.spec.rules ?? []).some((rule) => namesCanary(rule, arms)),
  };
}

/** The Services of its own namespace that a route leads to, each as often as it is named. */
export function backendsOf({ metadata, spec }: HttpRoute): BackendRef[] {
  const refs = (spec.rules ?? []).flatMap((rule) => rule.backendRefs ?? []);
  return refs.filter(
    ({ kind = 'Service', namespace = metadata.namespace }) =>
      kind === 'Service' && namespace === metadata.namespace,
  );
}

function routeOrders(
  route: HttpRoute,
  { owner, canaryWeightPercent, leadsToCanary }: RouteRemains,
  target: Target,
): string[] {
  const { router, service } = target;
  const canary = `Service ${armsOf(target).canary}`;
  const header = beforeOn(route)?.headerRule ?? null;
  const share =
    canaryWeightPercent === null
      ? `some of it goes to ${canary} now, not the same share in each rule`
      : `${percent(canaryWeightPercent)} of it goes to ${canary} now`;
  const byHeader = header === null ? '' : `, and requests with the header ${header.name}: ${header.value}`;
  const noted = route.metadata.annotations?.[annotations.before] !== undefined;
  return [
    ...(leadsToCanary ? [`lead all traffic back to Service ${service.name}: ${share}${byHeader}`] : []),
    ...(owner === null
      ? []
      : [`take HTTPRoute ${router.name} from rollout ${owner}: it can write no weight any more`]),
    ...(owner === null && noted ? [`remove what a rollout noted on HTTPRoute ${router.name}`] : []),
  ];
}

/** The canary, under a port or a name that the target does not say: removing it would leave the route leading to nothing. */
function straysOn(route: HttpRoute, arms: Arms, target: Target): string[] {
  const refs = backendsOf(route).filter((ref) => !arms.isCanary(ref));
  const named = (route.spec.rules ?? []).some((rule) => namesStable(rule, arms) || namesCanary(rule, arms));
  const isPaired = ({ name }: BackendRef) => refs.some((other) => withSuffix(other.name, 'canary') === name);
  const strays = refs.filter((ref) => ref.name === arms.canary || (!named && isPaired(ref)));
  const where = `HTTPRoute ${target.namespace}/${target.router.name}`;
  return [
    ...new Set(strays.map(({ name, port }) => `${where} leads to Service ${name} port ${port ?? 'none'}`)),
  ];
}

type Labelled = V1Deployment | V1Service;

function removals(kind: string, object: Labelled | null, detail = ''): string[] {
  if (labelOf(object, labels.rolloutId) === undefined) return [];
  return [`remove ${kind} ${object?.metadata?.name ?? ''}${detail}`];
}

function readyPods(canary: V1Deployment | null): string {
  return canary === null ? '' : ` (${canary.status?.readyReplicas ?? 0}/${canary.spec?.replicas ?? 1} ready)`;
}

function markRemoval(deployment: V1Deployment | null): string[] {
  const owner = labelOf(deployment, gateLabels.owner);
  if (owner === undefined) return [];
  return [`take the mark of rollout ${owner} from Deployment ${deployment?.metadata?.name ?? ''}`];
}

function strangers(kind: string, object: Labelled | null): string[] {
  if (object === null || labelOf(object, labels.rolloutId) !== undefined) return [];
  return [`${kind} ${object.metadata?.name ?? ''} has a canary's name, but no rollout made it: it stays`];
}

function leadsToStranger(target: Target): string {
  return (
    `HTTPRoute ${target.router.name} leads to Service ${armsOf(target).canary}, ` +
    'but nothing is marked as a rollout’s: it stays'
  );
}

function absent(object: object | null, kind: string, { namespace }: Target, name: string): string[] {
  return object === null ? [`${kind} ${namespace}/${name} does not exist`] : [];
}

function labelOf(object: Labelled | null, label: string): string | undefined {
  return object?.metadata?.labels?.[label];
}
