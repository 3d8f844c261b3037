/** Which targets rollouts have marks on, told from the objects of a namespace: pure. */
import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import type { BackendRef, HttpRoute } from '../../adapters/gateway-api/http-route.ts';
import { beforeOn, fenceOn } from '../../adapters/gateway-api/notes.ts';
import { gateLabels } from '../../adapters/kubernetes/gate.ts';
import { matches } from '../../adapters/kubernetes/selectors.ts';
import { labels, withSuffix } from '../../domain/rollout/naming.ts';
import type { Clue } from './cluster.ts';
import { backendsOf } from './remains.ts';

export interface MarkedObjects {
  readonly routes: readonly HttpRoute[];
  readonly deployments: readonly V1Deployment[];
  readonly services: readonly V1Service[];
}

/**
 * One clue for each rollout that has marks. The objects carry no rollout's name and no reference to each other; what
 * ties them is the rollout's id, and the canary's names, which are made from stable's.
 */
export function cluesIn(objects: MarkedObjects): Clue[] {
  const ids = [
    ...objects.routes.map(ownerOf),
    ...objects.deployments.map((it) => it.metadata?.labels?.[gateLabels.owner]),
    ...[...objects.deployments, ...objects.services].map((it) => it.metadata?.labels?.[labels.rolloutId]),
  ];
  return [...new Set(ids.filter((id) => id !== undefined))].map((id) => clueOf(id, objects));
}

function clueOf(rolloutId: string, objects: MarkedObjects): Clue {
  const made = <T extends V1Deployment | V1Service>(all: readonly T[]) =>
    all.find((it) => it.metadata?.labels?.[labels.rolloutId] === rolloutId);
  const canaryService = made(objects.services)?.metadata?.name;
  const canaryDeployment = made(objects.deployments)?.metadata?.name;
  const owned = objects.deployments.find((it) => it.metadata?.labels?.[gateLabels.owner] === rolloutId);
  const byName = stableOf(canaryDeployment, objects.deployments);
  const known = owned ?? byName;

  const route =
    objects.routes.find((it) => fenceOn(it)?.rolloutId === rolloutId) ??
    objects.routes.find((it) => backendsOf(it).some(({ name }) => name === canaryService));
  const refs = route === undefined ? [] : [...backendsOf(route), ...notedBackends(route)];
  const service =
    stableOf(canaryService, objects.services)?.metadata?.name ?? stableAmong(refs, known, objects);
  const ref = refs.find(({ name }) => name === service);
  const deployment = known ?? selectedBy(service, objects);
  return {
    rolloutId,
    route: route?.metadata.name ?? null,
    deployment: deployment?.metadata?.name ?? null,
    service: service ?? null,
    port: ref?.port ?? null,
  };
}

/** The rollout that a route belongs to: it owns it, or has left a note. */
function ownerOf(route: HttpRoute): string | undefined {
  const fence = fenceOn(route);
  return fence !== null && (!fence.released || beforeOn(route) !== null) ? fence.rolloutId : undefined;
}

/** Of all objects of a kind the one that a canary's name was made from. */
function stableOf<T extends V1Deployment | V1Service>(
  canary: string | undefined,
  all: readonly T[],
): T | undefined {
  return all.find(({ metadata }) => withSuffix(metadata?.name ?? '', 'canary') === canary);
}

/** The stable Service of a route: it stands beside its canary, or leads to the Deployment, or is the only one. */
function stableAmong(
  refs: readonly BackendRef[],
  deployment: V1Deployment | undefined,
  { services }: MarkedObjects,
): string | undefined {
  const names = [...new Set(refs.map(({ name }) => name))];
  const paired = names.filter((name) => names.includes(withSuffix(name, 'canary')));
  if (paired.length > 0) return only(paired);
  const leading = services.filter(
    (it) => names.includes(it.metadata?.name ?? '') && deployment !== undefined && selects(it, deployment),
  );
  return only(leading)?.metadata?.name ?? only(names);
}

function selectedBy(
  service: string | undefined,
  { deployments, services }: MarkedObjects,
): V1Deployment | undefined {
  const found = services.find(({ metadata }) => metadata?.name === service);
  return found === undefined ? undefined : only(deployments.filter((it) => selects(found, it)));
}

function selects({ spec }: V1Service, deployment: V1Deployment): boolean {
  const selector = spec?.selector ?? {};
  const pods = deployment.spec?.template.metadata?.labels ?? {};
  return Object.keys(selector).length > 0 && matches({ matchLabels: selector }, pods);
}

function notedBackends(route: HttpRoute): BackendRef[] {
  return (beforeOn(route)?.rules ?? []).flatMap((rule) => rule.backendRefs);
}

function only<T>(some: readonly T[]): T | undefined {
  return some.length === 1 ? some[0] : undefined;
}
