import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { openCluster } from '../../../dev/cluster/objects.ts';
import { openKubernetesApi, type KubernetesApi } from '../../../src/adapters/kubernetes-api/api.ts';
import { mapFault } from '../../../src/adapters/kubernetes-api/faults.ts';
import { kinds } from '../../../src/adapters/kubernetes-api/kinds.ts';
import { failureTypes } from '../../../src/domain/failures.ts';
import { PortFault } from '../../../src/ports/faults.ts';
import { startApiProxy, type ApiProxy } from '../../support/api-proxy.ts';
import { testAddresses } from '../../support/test-platform.ts';

let proxy: ApiProxy;
let api: KubernetesApi;

beforeAll(async () => {
  proxy = await startApiProxy(openCluster(testAddresses().KUBECONFIG).config);
  api = openKubernetesApi(proxy.config, { requestTimeoutMs: 2000 });
});

afterAll(() => proxy.close());

const ask = () => api.read(kinds.service, 'default', 'kubernetes');

describe('what the API server answers', () => {
  test.each([
    { status: 400, type: failureTypes.Refused },
    { status: 401, type: failureTypes.Refused },
    { status: 403, type: failureTypes.Refused },
    { status: 404, type: failureTypes.Refused },
    { status: 409, type: failureTypes.Unavailable },
    { status: 410, type: failureTypes.Unavailable },
    { status: 422, type: failureTypes.Refused },
    { status: 429, type: failureTypes.Unavailable },
    { status: 500, type: failureTypes.Unavailable },
    { status: 503, type: failureTypes.Unavailable },
    { status: 504, type: failureTypes.Unavailable },
  ])('$status is $type', async ({ status, type }) => {
    void proxy.disturb({ answer: { status, body: { reason: 'Because', message: 'it is so' } } });
    await expect(ask()).rejects.toMatchObject({
      name: 'PortFault',
      type,
      message: `cannot read Service default/kubernetes: ${status} Because: it is so`,
      retryAfterMs: undefined,
    });
  });

  test.each([
    { header: '7', retryAfterMs: 7000 },
    { header: '0', retryAfterMs: 0 },
    { header: 'Fri, 01 Jan 2027 00:00:00 GMT', retryAfterMs: undefined },
  ])('Retry-After: $header is $retryAfterMs ms', async ({ header, retryAfterMs }) => {
    void proxy.disturb({ answer: { status: 429, headers: { 'retry-after': header } } });
    await expect(ask()).rejects.toMatchObject({ type: failureTypes.Unavailable, retryAfterMs });
  });

  test('an answer that is no Status, from something in between, is told as it is', async () => {
    void proxy.disturb({ answer: { status: 502, body: 'bad gateway' } });
    await expect(ask()).rejects.toMatchObject({
      type: failureTypes.Unavailable,
      message: 'cannot read Service default/kubernetes: 502: "bad gateway"',
    });
  });
});

describe('no answer is Unavailable', () => {
  test('a request that is never answered ends at its deadline', async () => {
    void proxy.disturb({ answer: 'nothing' });
    await expect(ask()).rejects.toMatchObject({
      type: failureTypes.Unavailable,
      message: expect.stringMatching(/no answer: .*timeout/),
    });
  });

  test('a connection that is cut', async () => {
    void proxy.disturb({ answer: 'cut' });
    await expect(ask()).rejects.toMatchObject({ type: failureTypes.Unavailable });
  });

  test('a server that is not there', async () => {
    const gone = await startApiProxy(openCluster(testAddresses().KUBECONFIG).config);
    await gone.close();
    await expect(openKubernetesApi(gone.config).find(kinds.service, 'default', 'x')).rejects.toMatchObject({
      type: failureTypes.Unavailable,
      message: expect.stringMatching(/no answer: .*ECONNREFUSED/),
    });
  });

  test('and the next request is answered', async () => {
    expect((await ask()).spec?.ports?.[0]?.port).toBe(443);
  });
});

test('mapFault leaves faults of ports as they are', () => {
  const fault = new PortFault(failureTypes.StaleWrite, 'late');
  expect(mapFault(fault, 'do it')).toBe(fault);
});

test('a kubeconfig without a cluster says what is missing', () => {
  expect(() => openKubernetesApi(new KubeConfig())).toThrow(/must have a current context/);
});

test('a token that makes no header is refused, and not told: it would stay in histories (S12)', async () => {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'c', server: proxy.config.getCurrentCluster()?.server ?? '', skipTLSVerify: true },
    { name: 'u', token: 's3cret-\ntoken' },
  );
  const error: unknown = await openKubernetesApi(config)
    .read(kinds.service, 'default', 'kubernetes')
    .catch((it: unknown) => it);
  expect(error).toMatchObject({ name: 'PortFault', message: expect.stringContaining('Authorization') });
  expect(inspect(error)).not.toContain('s3cret');
});
