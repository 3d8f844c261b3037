import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { kinds } from '../../../src/adapters/kubernetes-api/kinds.ts';
import { untilChanged, untilQuiet } from '../../support/change-watch.ts';
import { release } from './objects.ts';
import { deployStable, newOwner, type TestTarget } from './target.ts';

let it: TestTarget;
beforeAll(async () => {
  it = await deployStable('watch', 1);
});
afterAll(() => it.remove());

test('a watch tells of what is done to stable, and to the canary from its beginning on', async () => {
  const owner = newOwner();
  const watch = it.workload.watch(it.target);
  await untilQuiet(watch);
  const metadata = { annotations: { note: 'by hand' } };
  await it.api.patch(kinds.deployment, it.namespace, 'vllm', { metadata }, { type: 'merge' });
  await untilChanged(watch);
  await it.workload.secureStable(it.target, owner);
  await untilQuiet(watch);
  await it.workload.createCanary(it.target, release, 0, owner);
  await untilChanged(watch);
  await untilQuiet(watch);
  await it.workload.scaleCanary(it.target, 1, owner);
  await untilChanged(watch);
  watch.end();
  expect(await it.workload.foreignChanges(it.target, owner)).toEqual([]);
});
