import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { applyObjects, deleteObject, openCluster } from '../../../dev/cluster/objects.ts';
import { openKubernetesApi, type KubernetesApi } from '../../../src/adapters/kubernetes-api/api.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../../../src/adapters/kubernetes-api/faults.ts';
import { kinds, type Kind } from '../../../src/adapters/kubernetes-api/kinds.ts';
import { failureTypes } from '../../../src/domain/failures.ts';
import { countConnections } from '../../support/connection-counter.ts';
import { testAddresses } from '../../support/test-platform.ts';

const configMap: Kind<V1ConfigMap> = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' };
const namespace = `api-${randomBytes(3).toString('hex')}`;
const cluster = openCluster(testAddresses().KUBECONFIG);
const namespaceObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };

let api: KubernetesApi;

beforeAll(async () => {
  await applyObjects(cluster.objects, [namespaceObject]);
  api = openKubernetesApi(cluster.config);
});

afterAll(() => deleteObject(cluster.objects, namespaceObject));

const make = (name: string, data: Record<string, string> = {}) =>
  api.create(configMap, namespace, { metadata: { name, labels: { name } }, data });

describe('openKubernetesApi', () => {
  test('creates, reads, finds, lists, replaces, deletes', async () => {
    const created = await make('all', { a: '1' });
    expect(await api.read(configMap, namespace, 'all')).toEqual(created);
    expect(await api.find(configMap, namespace, 'all')).toEqual(created);
    const [listed] = await api.list(configMap, namespace, { labelSelector: 'name=all' });
    expect(listed).toEqual(created);

    const replaced = await api.replace(configMap, namespace, { ...created, data: { a: '2' } });
    expect(replaced.data).toEqual({ a: '2' });
    expect(replaced.metadata?.managedFields?.map((it) => it.manager)).toEqual(['sluice']);

    await api.delete(configMap, namespace, 'all');
    expect(await api.find(configMap, namespace, 'all')).toBeNull();
  });

  test('one that is not there: read refuses, find gives null, delete is content', async () => {
    const error: unknown = await api.read(configMap, namespace, 'none').catch((it: unknown) => it);
    expect(isNotFound(error)).toBe(true);
    expect(error).toMatchObject({
      type: failureTypes.Refused,
      message: expect.stringMatching(`cannot read ConfigMap ${namespace}/none: 404 NotFound: .*not found`),
    });
    expect(await api.find(configMap, namespace, 'none')).toBeNull();
    await api.delete(configMap, namespace, 'none');
  });

  test('a name that is taken can be told from a write that came too late', async () => {
    const created = await make('taken');
    const taken: unknown = await make('taken').catch((it: unknown) => it);
    expect([isAlreadyExists(taken), isConflict(taken)]).toEqual([true, true]);

    await api.replace(configMap, namespace, { ...created, data: { by: 'others' } });
    const late: unknown = await api.replace(configMap, namespace, created).catch((it: unknown) => it);
    expect([isAlreadyExists(late), isConflict(late)]).toEqual([false, true]);
    expect(late).toMatchObject({ type: failureTypes.Unavailable });
  });

  test('delete with a uid leaves an object that was made anew under the name', async () => {
    const first = await make('again');
    await api.delete(configMap, namespace, 'again');
    const second = await make('again');
    await api.delete(configMap, namespace, 'again', { uid: first.metadata?.uid ?? 'none' });
    expect(await api.read(configMap, namespace, 'again')).toEqual(second);
    await api.delete(configMap, namespace, 'again', { uid: second.metadata?.uid ?? 'none' });
    expect(await api.find(configMap, namespace, 'again')).toBeNull();
  });

  test('what a server refuses says so in a sentence', async () => {
    await expect(make('NOT VALID')).rejects.toMatchObject({
      type: failureTypes.Refused,
      message: expect.stringMatching(/cannot create ConfigMap .*: 422 Invalid: .*"NOT VALID"/),
    });
  });

  test('a kind that the server does not know is refused, not retried for ever', async () => {
    const unknown: Kind<object> = { apiVersion: 'example.com/v1', kind: 'Thing', plural: 'things' };
    await expect(api.list(unknown, namespace)).rejects.toMatchObject({ type: failureTypes.Refused });
  });
});

describe('patch', () => {
  const container = (name: string) => ({ name, image: 'none', env: [{ name: 'A', value: '1' }] });
  const labels = { app: 'patched' };

  beforeAll(async () => {
    const template = { metadata: { labels }, spec: { containers: [container('one'), container('two')] } };
    await api.create(kinds.deployment, namespace, {
      metadata: { name: 'patched' },
      spec: { replicas: 0, selector: { matchLabels: labels }, template },
    });
  });

  const containers = (spec: object) => ({ spec: { template: { spec } } });
  const patch = (body: unknown, options: Parameters<KubernetesApi['patch']>[4]) =>
    api.patch(kinds.deployment, namespace, 'patched', body, options);

  test('strategic: lists are merged by name, and $patch directives arrive', async () => {
    const merged = await patch(containers({ containers: [{ name: 'one', image: 'other' }] }), {
      type: 'strategic',
    });
    expect(merged.spec?.template.spec?.containers.map((it) => it.image)).toEqual(['other', 'none']);
    const less = await patch(containers({ containers: [{ name: 'two', $patch: 'delete' }] }), {
      type: 'strategic',
    });
    expect(less.spec?.template.spec?.containers.map((it) => it.name)).toEqual(['one']);
  });

  test('strict: fields that the kind does not have are refused, and dropped without it', async () => {
    const body = containers({ containers: [{ name: 'one', imagee: 'other' }] });
    await expect(patch(body, { type: 'strategic', strict: true })).rejects.toMatchObject({
      type: failureTypes.Refused,
      message: expect.stringContaining('unknown field "spec.template.spec.containers[0].imagee"'),
    });
    const loose = await patch(body, { type: 'strategic', dryRun: true });
    expect(loose.spec?.template.spec?.containers[0]).not.toHaveProperty('imagee');
  });

  test('dryRun answers with what would be and stores nothing', async () => {
    const wouldBe = await patch({ spec: { paused: true } }, { type: 'merge', dryRun: true });
    expect(wouldBe.spec?.paused).toBe(true);
    expect((await api.read(kinds.deployment, namespace, 'patched')).spec?.paused).toBeUndefined();
  });

  test('merge: null removes', async () => {
    await patch({ metadata: { labels: { team: 'a' } } }, { type: 'merge' });
    const without = await patch({ metadata: { labels: { team: null } } }, { type: 'merge' });
    expect(without.metadata?.labels).toBeUndefined();
  });

  test('json: a test that fails refuses the whole patch', async () => {
    const operations = [
      { op: 'test', path: '/spec/replicas', value: 7 },
      { op: 'replace', path: '/spec/replicas', value: 1 },
    ];
    await expect(patch(operations, { type: 'json' })).rejects.toMatchObject({ type: failureTypes.Refused });
    expect((await api.read(kinds.deployment, namespace, 'patched')).spec?.replicas).toBe(0);
  });

  test('apply: the fields that it names are ours', async () => {
    const body = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'patched', annotations: { 'example.com/note': 'x' } },
    };
    const applied = await patch(body, { type: 'apply', force: true });
    const manager = applied.metadata?.managedFields?.find((it) => it.operation === 'Apply');
    expect(manager?.manager).toBe('sluice');
  });
});

test('requests share a connection: no TLS handshake for each of them', async () => {
  const counter = await countConnections(cluster.config);
  try {
    const counted = openKubernetesApi(counter.config);
    for (let i = 0; i < 10; i += 1) await counted.find(configMap, namespace, 'none');
    expect(counter.connections()).toBe(1);
  } finally {
    await counter.close();
  }
});
