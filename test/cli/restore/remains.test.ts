import { describe, expect, test } from '@jest/globals';
import type { HttpRoute } from '../../../src/adapters/gateway-api/http-route.ts';
import { restored, shifted } from '../../../src/adapters/gateway-api/route.ts';
import { noteAbout } from '../../../src/adapters/kubernetes/before-note.ts';
import { remainsOf } from '../../../src/cli/restore/remains.ts';
import type { Snapshot } from '../../../src/cli/restore/snapshot.ts';
import { annotations } from '../../../src/domain/rollout/naming.ts';
import { fence, ref, routeOf, rule, withoutAnnotation } from '../../adapters/gateway-api/fixtures.ts';
import {
  autoscaler,
  deployment,
  halfway,
  healthy,
  id,
  made,
  owned,
  pinNote,
  routeAt,
  service,
  target,
  untouched,
  untouchedRoute,
} from './objects.ts';

const of = (snapshot: Snapshot) => remainsOf(target, snapshot, healthy);

test('a target that no rollout has touched: nothing to do', () => {
  expect(of(untouched)).toEqual({
    rolloutIds: [],
    route: { owner: null, canaryWeightPercent: 0, leadsToCanary: false },
    stable: healthy,
    canary: false,
    toDo: { route: [], workload: [] },
    leftAlone: [],
    missing: [],
    strays: [],
  });
});

test('at 50 %: traffic, fence, canary, autoscaler and mark, in this order', () => {
  const remains = of(halfway);
  expect(remains).toMatchObject({ rolloutIds: [id], canary: true, leftAlone: [], missing: [], strays: [] });
  expect(remains.toDo).toEqual({
    route: [
      'lead all traffic back to Service vllm: 50 % of it goes to Service vllm-canary now',
      `take HTTPRoute llm from rollout ${id}: it can write no weight any more`,
    ],
    workload: [
      'remove Deployment vllm-canary (2/2 ready)',
      'remove Service vllm-canary',
      'put minReplicas of HorizontalPodAutoscaler vllm back from 4 to 1',
      `take the mark of rollout ${id} from Deployment vllm`,
    ],
  });
});

test('a restored route leaves nothing to do on it, whatever is left of the workload', () => {
  const route = restored(routeAt(50), target, 5000);
  const remains = of({ ...halfway, route });
  expect(remains.toDo.route).toEqual([]);
  expect(remains.rolloutIds).toEqual([id]);
  expect(of({ ...untouched, route })).toMatchObject({ rolloutIds: [], toDo: { route: [], workload: [] } });
});

describe('the route', () => {
  const orders = (route: HttpRoute) => of({ ...untouched, route }).toDo.route;

  test('claimed, no weight yet: only the fence', () => {
    expect(orders(routeAt(0))).toEqual([expect.stringContaining('take HTTPRoute llm from rollout')]);
  });

  test('that lost its fence: the canary it leads to is a rollout’s by its note', () => {
    expect(orders(withoutAnnotation(routeAt(50), annotations.fence))).toEqual([
      expect.stringContaining('50 % of it'),
      'remove what a rollout noted on HTTPRoute llm',
    ]);
  });

  test('with a header rule says so', () => {
    const header = { name: 'x-canary', value: 'yes' };
    const route = shifted(routeAt(10), target, 10, fence(2), header);
    expect(orders(route)[0]).toBe(
      'lead all traffic back to Service vllm: 10 % of it goes to Service vllm-canary now, and requests with the header x-canary: yes',
    );
  });

  test('whose rules differ says so', () => {
    const route = routeAt(50);
    const uneven = {
      ...route,
      spec: { rules: [...(route.spec.rules ?? []), rule('/v2', ref('vllm', 9), ref('vllm-canary', 1))] },
    };
    expect(orders(uneven)[0]).toContain('not the same share in each rule');
  });

  test('that leads to a canary made by hand stays: nobody marked anything', () => {
    const byHand = {
      ...untouched,
      route: routeOf(rule('/v1', ref('vllm', 9), ref('vllm-canary', 1))),
      canaryDeployment: deployment('vllm-canary'),
      canaryService: service('vllm-canary'),
    };
    const { toDo, leftAlone } = of(byHand);
    expect(toDo).toEqual({ route: [], workload: [] });
    expect(leftAlone).toEqual([
      'HTTPRoute llm leads to Service vllm-canary, but nothing is marked as a rollout’s: it stays',
      "Deployment vllm-canary has a canary's name, but no rollout made it: it stays",
      "Service vllm-canary has a canary's name, but no rollout made it: it stays",
    ]);
  });
});

describe('a target that does not fit the route is found out, for the canary would be removed under its traffic', () => {
  test('another port', () => {
    const wrong = { ...target, service: { name: 'vllm', port: 8001 } };
    expect(remainsOf(wrong, halfway, healthy).strays).toEqual([
      'HTTPRoute llm/llm leads to Service vllm-canary port 8000',
    ]);
  });

  test('another Service', () => {
    const wrong = { ...target, service: { name: 'other', port: 8000 } };
    const { strays } = remainsOf(wrong, { ...halfway, canaryService: null }, healthy);
    expect(strays).toEqual(['HTTPRoute llm/llm leads to Service vllm-canary port 8000']);
  });

  test('a foreign backend of another namespace is none', () => {
    const route = routeAt(50);
    const elsewhere = rule('/v2', ref('vllm-canary', 1, { namespace: 'other' }));
    const more = { ...route, spec: { rules: [...(route.spec.rules ?? []), elsewhere] } };
    expect(of({ ...halfway, route: more }).strays).toEqual([]);
  });
});

describe('the autoscaler', () => {
  const pinned = (minReplicas: number, note: string) =>
    of({ ...untouched, autoscalers: [autoscaler(minReplicas, { 'sluice.dev/before': note })] });

  test('that somebody set anew keeps its value', () => {
    expect(pinned(6, pinNote).toDo.workload).toEqual([
      "take a rollout's note from HorizontalPodAutoscaler vllm; minReplicas stays at 6, as somebody set it since",
    ]);
  });

  test('with a note that cannot be read stays', () => {
    const { toDo, leftAlone } = pinned(4, 'spoilt');
    expect(toDo.workload).toEqual([]);
    expect(leftAlone).toEqual([expect.stringContaining('check minReplicas and remove the annotation')]);
  });
});

describe('stable’s template', () => {
  const own = deployment('vllm', owned);
  const released = (image: string) => {
    const copy = structuredClone(own);
    if (copy.spec?.template.spec) copy.spec.template.spec.containers = [{ name: 'vllm', image }];
    return copy;
  };
  const note = JSON.stringify(noteAbout(own, released('v2'), null));
  const noted = (stable: typeof own, text = note) => {
    const canaryService = service('vllm-canary', made);
    const metadata = { ...canaryService.metadata, annotations: { [annotations.before]: text } };
    return of({ ...halfway, deployment: stable, canaryService: { ...canaryService, metadata } });
  };

  test('is given back where stable has the release', () => {
    expect(noted(released('v2')).toDo.workload[0]).toContain(
      'give Deployment vllm its own pod template back',
    );
  });

  test('is not where stable has its own still', () => {
    expect(noted(own).toDo.workload[0]).toBe('remove Deployment vllm-canary (2/2 ready)');
    expect(noted(own).leftAlone).toEqual([]);
  });

  test('stays where somebody has set another one', () => {
    expect(noted(released('v3')).leftAlone).toEqual([expect.stringContaining('that stays')]);
  });

  test('stays where the note is spoilt', () => {
    expect(noted(released('v2'), '{').leftAlone).toEqual([expect.stringContaining('spoilt the note')]);
  });
});

test('what does not exist is named', () => {
  const nothing = { ...untouched, route: null, deployment: null, service: null };
  expect(remainsOf(target, nothing, null)).toMatchObject({
    route: null,
    missing: [
      'HTTPRoute llm/llm does not exist',
      'Deployment llm/vllm does not exist',
      'Service llm/vllm does not exist',
    ],
  });
});

test('a route that is gone keeps nobody from clearing away the rest', () => {
  const { toDo } = of({ ...halfway, route: null });
  expect(toDo.route).toEqual([]);
  expect(toDo.workload).toHaveLength(4);
});

test('an untouched route stays as it is', () => {
  expect(of({ ...untouched, route: untouchedRoute }).toDo.route).toEqual([]);
});
