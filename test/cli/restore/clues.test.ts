import { expect, test } from '@jest/globals';
import { restored } from '../../../src/adapters/gateway-api/route.ts';
import { cluesIn, type MarkedObjects } from '../../../src/cli/restore/clues.ts';
import { annotations, withSuffix } from '../../../src/domain/rollout/naming.ts';
import { ref, routeOf, rule, withoutAnnotation } from '../../adapters/gateway-api/fixtures.ts';
import { deployment, id, made, owned, routeAt, service, target, untouchedRoute } from './objects.ts';

const whole = { rolloutId: id, route: 'llm', deployment: 'vllm', service: 'vllm', port: 8000 };

/** Beside others, which must not be mixed up with the target's. */
const other = deployment('other');
const at = (weightPercent: number): MarkedObjects => ({
  routes: [{ ...untouchedRoute, metadata: { name: 'other', namespace: 'llm' } }, routeAt(weightPercent)],
  deployments: [other, deployment('vllm', owned), deployment('vllm-canary', made)],
  services: [service('other'), service('vllm'), service('vllm-canary', made)],
});

test('nothing marked: no clue', () => {
  const objects = {
    routes: [untouchedRoute],
    deployments: [deployment('vllm')],
    services: [service('vllm')],
  };
  expect(cluesIn(objects)).toEqual([]);
});

test('at 50 % everything is told by the marks', () => {
  expect(cluesIn(at(50))).toEqual([whole]);
});

test('claimed, and nothing made yet: by the route alone', () => {
  const objects = {
    routes: [routeAt(0)],
    deployments: [other, deployment('vllm')],
    services: [service('other'), service('vllm')],
  };
  expect(cluesIn(objects)).toEqual([whole]);
});

test('the fence was lost: by the canary that the route leads to', () => {
  const objects = at(50);
  const routes = objects.routes.map((it) => withoutAnnotation(it, annotations.fence));
  expect(cluesIn({ ...objects, routes })).toEqual([whole]);
});

test('a restore that was cut off after the route: by the id that the fence keeps', () => {
  const objects = at(50);
  const routes = objects.routes.map((it) => (it.metadata.name === 'llm' ? restored(it, target, 5000) : it));
  expect(cluesIn({ ...objects, routes })).toEqual([whole]);
});

test('after a whole restore: no clue', () => {
  const objects = {
    routes: [restored(routeAt(50), target, 5000)],
    deployments: [deployment('vllm', { 'sluice.dev/ended': id })],
    services: [service('vllm')],
  };
  expect(cluesIn(objects)).toEqual([]);
});

test('only the canary is left, and the mark on stable is gone: by its name', () => {
  const objects = at(50);
  const deployments = [other, deployment('vllm'), deployment('vllm-canary', made)];
  expect(cluesIn({ ...objects, deployments })).toEqual([whole]);
});

test('names that were too long for a suffix', () => {
  const long = 'a-service-whose-name-is-as-long-as-names-may-be-for-a-service-x';
  const objects = {
    routes: [routeOf(rule('/v1', ref(long, 1), ref(withSuffix(long, 'canary'), 1)))],
    deployments: [deployment('vllm', owned)],
    services: [service(long), service(withSuffix(long, 'canary'), made)],
  };
  expect(cluesIn(objects)).toEqual([{ ...whole, service: long }]);
});

test('what cannot be told is null', () => {
  const objects = { routes: [], deployments: [deployment('vllm', owned)], services: [service('vllm')] };
  expect(cluesIn(objects)).toEqual([{ ...whole, route: null, service: null, port: null }]);
});
