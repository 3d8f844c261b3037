import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { request } from 'undici';
import { waitFor } from '../../../dev/cluster/wait.ts';
import { HttpRouteTraffic } from '../../../src/adapters/gateway-api/http-route-traffic.ts';
import { openKubernetesApi } from '../../../src/adapters/kubernetes-api/api.ts';
import type { Target } from '../../../src/domain/plan/plan.ts';
import { deployService, type ServiceUnderTest } from '../../support/namespace.ts';
import { sendMany } from '../../support/requests.ts';
import { fence, targetIn } from './fixtures.ts';

const minutes = 60_000;
const header = { name: 'x-canary', value: 'always' };

let service: ServiceUnderTest;
let traffic: HttpRouteTraffic;
let target: Target;

beforeAll(async () => {
  service = await deployService('traffic');
  traffic = new HttpRouteTraffic(openKubernetesApi(service.cluster.config));
  target = targetIn(service.namespace);
}, 3 * minutes);

afterAll(() => service.remove(), minutes);

const untilAccepted = () =>
  waitFor('the gateway to accept the route', async () =>
    (await traffic.read(target)).accepted ? true : undefined,
  );

/** The route is accepted a moment before Envoy obeys; sends until the answers say that it does. */
const untilObeyed = (what: string, obeyed: (arms: Readonly<Record<string, number>>) => boolean) =>
  waitFor(what, async () => {
    const { arms, statuses } = await sendMany(service.gateway, service.host, 400);
    expect(Object.keys(statuses)).toEqual(['200']);
    return obeyed(arms) ? arms : undefined;
  });

test(
  'weights move requests through a real gateway, there and back',
  async () => {
    expect(await traffic.read(target)).toMatchObject({ canaryWeightPercent: 0, accepted: true, rules: 1 });
    await traffic.claim(target, fence(1));

    await traffic.shift(target, 25, fence(2), header, null);
    await untilAccepted();
    await untilObeyed('the canary to get requests', (arms) => (arms['canary'] ?? 0) > 0);
    const { arms } = await sendMany(service.gateway, service.host, 1000);
    // 25 % of 1000, and five standard deviations of a binomial count.
    expect(Math.abs((arms['canary'] ?? 0) - 250)).toBeLessThan(5 * Math.sqrt(1000 * 0.25 * 0.75));

    for (let i = 0; i < 20; i += 1) {
      const response = await request(`${service.gateway}/v1/models`, {
        headers: { host: service.host, [header.name]: header.value },
      });
      await response.body.dump();
      expect(response.headers['x-sluice-arm']).toBe('canary');
    }

    await traffic.shift(target, 100, fence(3), header, null);
    await untilAccepted();
    await untilObeyed('the canary to get all requests', (seen) => seen['stable'] === undefined);

    await traffic.moveBack(target, fence(4));
    await untilAccepted();
    await untilObeyed('stable to get all requests', (seen) => seen['canary'] === undefined);
    await traffic.release(target, fence(5));
  },
  2 * minutes,
);
