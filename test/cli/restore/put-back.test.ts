import { describe, expect, test } from '@jest/globals';
import { putBack, type PutBackOptions } from '../../../src/cli/restore/put-back.ts';
import { CliProblem } from '../../../src/cli/problem.ts';
import { failureTypes } from '../../../src/domain/failures.ts';
import { PortFault } from '../../../src/ports/faults.ts';
import { FakeCluster } from './fake-cluster.ts';
import { id, target } from './objects.ts';

const times = { acceptedMs: 40, lookEveryMs: 1, patienceMs: 200 };
const away = () => new PortFault(failureTypes.Unavailable, 'cannot replace HTTPRoute llm/llm: 503');

/** Puts back, and gives what it said, or what it threw. */
async function run(cluster: FakeCluster, options: Partial<PutBackOptions> = {}) {
  const said: string[] = [];
  const standard = { force: false, now: () => 0, signal: new AbortController().signal, times };
  const say = (line: string) => said.push(line);
  const error = await putBack(cluster, target, cluster.remains, { ...standard, say, ...options }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { said, error };
}

test('traffic first, then stable’s template, then the gateway’s word, then the canary', async () => {
  const cluster = new FakeCluster();
  const { said, error } = await run(cluster);
  expect(error).toBeNull();
  expect(cluster.asked).toEqual(['moveTraffic', `undoStable ${id}`, 'seeRoute', `clear ${id}`]);
  expect(said).toEqual([
    'all traffic is on stable (0 s)',
    'removing the canary; its pods may end the requests that they have',
    'the canary is gone',
  ]);
});

test('the API server is away for a while: it tries on, and says so once', async () => {
  const cluster = new FakeCluster();
  let failures = 3;
  cluster.faults.set('moveTraffic', () => (failures-- > 0 ? away() : undefined));
  const { said, error } = await run(cluster);
  expect(error).toBeNull();
  expect(cluster.changes).toEqual([
    ...Array.from({ length: 4 }, () => 'moveTraffic'),
    `undoStable ${id}`,
    `clear ${id}`,
  ]);
  expect(said.filter((line) => line.includes('trying on'))).toEqual([
    'cannot replace HTTPRoute llm/llm: 503; trying on',
  ]);
});

test('the API server stays away: it gives up, and has touched nothing but the route', async () => {
  const cluster = new FakeCluster();
  cluster.faults.set('moveTraffic', away);
  const { error } = await run(cluster);
  expect(error).toMatchObject({ type: failureTypes.Unavailable });
  expect(new Set(cluster.changes)).toEqual(new Set(['moveTraffic']));
});

test('a refusal is not tried again', async () => {
  const cluster = new FakeCluster();
  cluster.faults.set('moveTraffic', () => new PortFault(failureTypes.Refused, '403'));
  const { error } = await run(cluster);
  expect(error).toMatchObject({ type: failureTypes.Refused });
  expect(cluster.asked).toEqual(['moveTraffic']);
});

describe('a gateway that does not accept the route may still send requests to the canary', () => {
  test('the canary stays', async () => {
    const cluster = new FakeCluster();
    cluster.route = { accepted: false, leadsToCanary: false };
    const { error } = await run(cluster);
    expect(error).toBeInstanceOf(CliProblem);
    expect(error).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('the canary stays') as unknown,
    });
    expect(cluster.changes).toEqual(['moveTraffic', `undoStable ${id}`]);
  });

  test('unless somebody insists', async () => {
    const cluster = new FakeCluster();
    cluster.route = { accepted: false, leadsToCanary: false };
    const { said, error } = await run(cluster, { force: true });
    expect(error).toBeNull();
    expect(said).toContainEqual(expect.stringContaining('going on (--force)'));
    expect(cluster.changes).toContain(`clear ${id}`);
  });
});

test('somebody leads traffic to the canary again: it stays', async () => {
  const cluster = new FakeCluster();
  cluster.route = { accepted: true, leadsToCanary: true };
  const { error } = await run(cluster, { force: true });
  expect(error).toMatchObject({ exitCode: 1, message: expect.stringContaining('again') as unknown });
  expect(cluster.changes).not.toContain(`clear ${id}`);
});

test('an interruption never keeps the traffic from being moved', async () => {
  const cluster = new FakeCluster();
  const { error } = await run(cluster, { signal: AbortSignal.abort(new Error('Ctrl-C')) });
  expect(error).toMatchObject({ message: 'Ctrl-C' });
  expect(cluster.changes[0]).toBe('moveTraffic');
  expect(cluster.changes).not.toContain(`clear ${id}`);
});

test('without rights for the rest: the traffic alone', async () => {
  const cluster = new FakeCluster();
  await run(cluster, { workload: false });
  expect(cluster.asked).toEqual(['moveTraffic']);
});

test('without a route: the rest', async () => {
  const cluster = new FakeCluster();
  cluster.remains = { ...cluster.remains, route: null };
  const { error } = await run(cluster);
  expect(error).toBeNull();
  expect(cluster.asked).toEqual([`undoStable ${id}`, `clear ${id}`]);
});
