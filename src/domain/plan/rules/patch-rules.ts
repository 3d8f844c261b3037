import type { JsonObject, JsonValue, Plan } from '../plan.ts';
import type { Finding, PlanPath } from './rule.ts';

const patchPath: PlanPath = ['release', 'patch'];
const ownLabels = 'sluice.dev/';

/** The usual slip is a patch of the whole Deployment. */
export function* patchIsOfPodTemplate({ release: { patch } }: Plan): Iterable<Finding> {
  const allowed = 'a patch of the pod template: spec, metadata or both';
  if (Object.keys(patch).length === 0) yield { path: patchPath, allowed };
  for (const [key, value] of Object.entries(patch)) {
    if (key !== 'spec' && key !== 'metadata') yield { path: [...patchPath, key], allowed };
    else if (!isObject(value)) yield { path: [...patchPath, key], allowed: 'a map' };
  }
  for (const key of ['template', 'selector', 'replicas', 'strategy']) {
    if (key in part(patch, 'spec')) {
      yield { path: [...patchPath, 'spec', key], allowed: `${allowed}; ${key} is of the Deployment` };
    }
  }
}

/** List entries are matched by name: without one, or with one twice, nobody can say what is meant. */
export function* patchedContainersAreNamed({ release: { patch } }: Plan): Iterable<Finding> {
  for (const key of ['containers', 'initContainers']) {
    const containers = part(patch, 'spec')[key];
    if (containers === undefined) continue;
    const path = [...patchPath, 'spec', key];
    if (!isList(containers)) {
      yield { path, allowed: 'a list of containers' };
      continue;
    }
    const names = containers.map((it) => (isObject(it) ? it['name'] : undefined));
    for (const [index, name] of names.entries()) {
      // `{$patch: replace}` replaces the list, and has no name.
      if (isObject(containers[index]) && '$patch' in containers[index]) continue;
      if (typeof name !== 'string') yield { path: [...path, index], allowed: 'a container with its name' };
      else if (names.indexOf(name) < index) {
        yield { path: [...path, index, 'name'], allowed: 'each container once' };
      }
    }
  }
}

/** Pods that lose a selector's label serve nobody, and the canary's own labels tell the arms apart. */
export function* patchKeepsSelectorLabels({ release: { patch } }: Plan): Iterable<Finding> {
  const metadata = part(patch, 'metadata');
  const labels = part(metadata, 'labels');
  const places: [PlanPath, JsonObject][] = [
    [patchPath, patch],
    [[...patchPath, 'metadata'], metadata],
    [[...patchPath, 'metadata', 'labels'], labels],
  ];
  for (const [path, object] of places) {
    if ('$patch' in object) {
      yield { path: [...path, '$patch'], allowed: 'no directive that drops labels which selectors need' };
    }
  }
  if (metadata['labels'] === null) {
    yield { path: [...patchPath, 'metadata', 'labels'], allowed: 'a map: null would drop all labels' };
  }
  for (const label of Object.keys(labels).filter((it) => it.startsWith(ownLabels))) {
    yield { path: [...patchPath, 'metadata', 'labels', label], allowed: `no label of ${ownLabels}` };
  }
}

function part(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function* patchRemovesNoLabel({ release: { patch } }: Plan): Iterable<Finding> {
  for (const [label, value] of Object.entries(part(part(patch, 'metadata'), 'labels'))) {
    if (value !== null) continue;
    const allowed = 'a value, unless no selector names this label: null removes it';
    yield { path: [...patchPath, 'metadata', 'labels', label], allowed };
  }
}
