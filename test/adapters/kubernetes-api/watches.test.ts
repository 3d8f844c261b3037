import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { applyObjects, deleteObject, openCluster } from '../../../dev/cluster/objects.ts';
import { waitFor } from '../../../dev/cluster/wait.ts';
import { openKubernetesApi, type KubernetesApi } from '../../../src/adapters/kubernetes-api/api.ts';
import type { Kind } from '../../../src/adapters/kubernetes-api/kinds.ts';
import { Watches, type WatchTimes } from '../../../src/adapters/kubernetes-api/watches.ts';
import type { ChangeWatch } from '../../../src/ports/changes.ts';
import { startApiProxy, type ApiProxy } from '../../support/api-proxy.ts';
import { plainConfig } from '../../support/api-server.ts';
import { untilChanged, untilQuiet } from '../../support/change-watch.ts';
import { openGate, type TcpGate } from '../../support/tcp-gate.ts';
import { testAddresses } from '../../support/test-platform.ts';

const configMap: Kind<V1ConfigMap> = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' };
const namespace = `watch-${randomBytes(3).toString('hex')}`;
const namespaceObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
const cluster = openCluster(testAddresses().KUBECONFIG);
const api = openKubernetesApi(cluster.config);
const begun: ChangeWatch[] = [];
let proxy: ApiProxy;
let gate: TcpGate;

beforeAll(async () => {
  await applyObjects(cluster.objects, [namespaceObject]);
  proxy = await startApiProxy(cluster.config);
  gate = await openGate(new URL(proxy.config.getCurrentCluster()?.server ?? '').host);
});
afterEach(() => {
  for (const watch of begun.splice(0)) watch.end();
});
afterAll(async () => {
  await gate.close();
  await proxy.close();
  await deleteObject(cluster.objects, namespaceObject);
});

const write = (name: string, value: string) =>
  applyObjects(cluster.objects, [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { value } } as object,
  ]);

/** An API behind proxy and gate. */
const shaky = (times: Partial<WatchTimes> = {}): KubernetesApi =>
  openKubernetesApi(plainConfig(`http://${gate.address}`), {
    watchTimes: { renewMs: 300_000, firstWaitMs: 50, ...times },
  });

function watch(by: KubernetesApi, ...names: string[]): ChangeWatch {
  const made = by.watch(configMap, namespace, names);
  begun.push(made);
  return made;
}

const watchesAsked = () => proxy.seen.filter(({ path }) => path.includes('watch=true')).length;

describe('a watch of the real API server', () => {
  test('says that objects may have changed at first, and once after each change; of others nothing', async () => {
    await write('one', 'a');
    const it = watch(api, 'one', 'two');
    expect(it.mayHaveChanged()).toBe(true);
    await untilQuiet(it);
    await write('one', 'b');
    await untilChanged(it);
    expect(it.mayHaveChanged()).toBe(false);
    await write('two', 'made');
    await untilChanged(it);
    // The two come in this order: whoever hears of the second heard of the first.
    const marker = watch(api, 'marker');
    await untilQuiet(marker);
    await untilQuiet(it);
    await write('other', 'a');
    await write('marker', 'a');
    await untilChanged(marker);
    expect(it.mayHaveChanged()).toBe(false);
    await api.delete(configMap, namespace, 'two');
    await untilChanged(it);
  });

  test('is one for all that look at the same kind and namespace, and ends with the last of them', async () => {
    const before = watchesAsked();
    const by = shaky({ renewMs: 5000 });
    const first = watch(by, 'first');
    const second = watch(by, 'second');
    await untilQuiet(first);
    await untilQuiet(second);
    expect(watchesAsked()).toBe(before + 1);
    await write('first', 'a');
    await untilChanged(first);
    expect(second.mayHaveChanged()).toBe(false);
    first.end();
    await write('second', 'a');
    await untilChanged(second);
    second.end();
    // One more, under the same name: had the old one gone on, nobody would have had to ask.
    await untilQuiet(watch(by, 'first'));
    expect(watchesAsked()).toBe(before + 2);
  });

  test('that is cut can tell nothing until it is back, and something may have happened meanwhile', async () => {
    const it = watch(shaky(), 'cut');
    await untilQuiet(it);
    gate.shut();
    await untilChanged(it);
    expect(it.mayHaveChanged()).toBe(true);
    gate.open();
    await untilQuiet(it);
    await write('cut', 'a');
    await untilChanged(it);
  });

  test('that the API server refuses never says that nothing changed, and is asked for again', async () => {
    const refused = proxy.disturb({
      to: ({ path }) => path.includes('watch=true'),
      times: 3,
      answer: { status: 403, body: { reason: 'Forbidden', message: 'no' } },
    });
    const it = watch(shaky(), 'refused');
    await refused;
    expect([it.mayHaveChanged(), it.mayHaveChanged()]).toEqual([true, true]);
    await untilQuiet(it);
  });

  test('is begun anew before it is old, and what happened in between is not missed', async () => {
    const before = watchesAsked();
    const it = watch(shaky({ renewMs: 500 }), 'renewed');
    await untilQuiet(it);
    await waitFor('a third watch', () => Promise.resolve(watchesAsked() > before + 2 ? true : undefined));
    await untilQuiet(it);
    await write('renewed', 'a');
    await untilChanged(it);
  });
});

test.each([
  { why: 'says that it is too far behind', line: '{"type":"ERROR","object":{"code":410}}' },
  { why: 'answers with something else', line: 'busy' },
])('a server that $why is asked anew', async ({ line }) => {
  let asked = 0;
  const watches = new Watches(
    async (_, signal) => {
      asked += 1;
      const mine = asked;
      return Promise.resolve(
        (async function* () {
          if (mine === 1) yield line;
          await new Promise((resolve) => {
            signal.addEventListener('abort', resolve);
          });
        })(),
      );
    },
    { renewMs: 300_000, firstWaitMs: 10 },
  );
  const it = watches.watch('/api/v1/namespaces/x/configmaps', ['a']);
  await waitFor('a second watch', () => Promise.resolve(asked === 2 ? true : undefined));
  await untilQuiet(it);
  it.end();
});

test('a bookmark is no change', async () => {
  const sent = [
    '{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}',
    '{"type":"ADDED","object":{}}',
  ];
  const next = sent.map(() => Promise.withResolvers<undefined>());
  const watches = new Watches(
    (_, signal) =>
      Promise.resolve(
        (async function* () {
          for (const [index, line] of sent.entries()) {
            await next[index]?.promise;
            yield line;
          }
          await new Promise((resolve) => {
            signal.addEventListener('abort', resolve);
          });
        })(),
      ),
    { renewMs: 300_000, firstWaitMs: 10 },
  );
  const it = watches.watch('/api/v1/namespaces/x/configmaps', ['a']);
  await untilQuiet(it);
  next[0]?.resolve(undefined);
  await new Promise(setImmediate);
  expect(it.mayHaveChanged()).toBe(false);
  next[1]?.resolve(undefined);
  await untilChanged(it);
  it.end();
});
