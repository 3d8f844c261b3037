import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { failureTypes } from '../../../src/domain/failures.ts';
import { KubernetesFault } from '../../../src/adapters/kubernetes-api/faults.ts';
import { rolloutsThat, speak, type Spoken } from '../../support/cli-fakes.ts';
import { cliPlanFile } from '../../support/cli-plan-file.ts';
import { FakeCluster, remainsHalfway, remainsNone } from './fake-cluster.ts';
import { id } from './objects.ts';

let folder: string;
let file: string;
let cluster: FakeCluster;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-restore-'));
  file = path.join(folder, 'rollout.yaml');
  await writeFile(file, cliPlanFile({ name: 'llama', namespace: 'llm', version: 'v2' }));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  cluster = new FakeCluster();
});

/** Nobody sits in front of it. */
const restore = (...flags: readonly string[]): Promise<Spoken> =>
  speak(['restore', ...flags], rolloutsThat({}), { cluster });

/** Somebody does, and says this. */
async function asked(answer: string, ...flags: readonly string[]) {
  const questions: string[] = [];
  const ask = (question: string) => {
    questions.push(question);
    return Promise.resolve(answer);
  };
  const spoken = await speak(['restore', ...flags], rolloutsThat({}), { cluster, ask });
  return { ...spoken, questions };
}

const stableDown = { desired: 2, ready: 0, serving: 0, summary: '0/2 ready: ImagePullBackOff' };

describe('bad input is refused with 2 before the cluster is asked', () => {
  test.each<[string, readonly string[], string]>([
    ['a port that is none', ['--port', '0'], 'a port number, 1 to 65535'],
    ['a port with a unit', ['--port', '80x'], 'a port number, 1 to 65535'],
    ['a route that is none', ['--route', 'A/b'], 'a-z, 0-9'],
    ['an unknown flag', ['--foorce'], 'Did you mean --force?'],
    ['nobody to ask', ['-n', 'llm'], 'Nobody can be asked'],
  ])('%s', async (_, flags, text) => {
    const { code, out, err } = await restore(...flags);
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringContaining(text) });
    expect(cluster.asked).toEqual([]);
  });

  test('a target that is named twice', async () => {
    const { code, err } = await restore(file, '--route', 'llm', '--yes');
    expect(err).toContain(`found the file ${file} and --route`);
    expect(code).toBe(2);
  });

  test('a file for another namespace', async () => {
    const { code, err } = await restore(file, '-n', 'other', '--yes');
    expect(err).toContain('metadata.namespace llm');
    expect(code).toBe(2);
  });

  test('a file that cannot be read says how to do without', async () => {
    const { code, err } = await restore(path.join(folder, 'absent.yaml'), '--yes');
    expect(err).toContain('sluice restore -n NAMESPACE');
    expect(code).toBe(2);
  });
});

describe('what is shown before', () => {
  test('target, cluster, rollout, stable, and every step', async () => {
    const { code, out } = await restore(file, '--dry-run');
    expect(out).toBe(`Target   HTTPRoute llm, Deployment vllm, Service vllm port 8000 in llm
Cluster  context test, https://cluster.example
Rollout  ${id}
Stable   2/2 ready
To do
  1.  lead all traffic back to Service vllm: 50 % of it goes to Service vllm-canary now
  2.  take HTTPRoute llm from rollout ${id}: it can write no weight any more
  3.  remove Deployment vllm-canary (2/2 ready)
  4.  remove Service vllm-canary
  5.  put minReplicas of HorizontalPodAutoscaler vllm back from 4 to 1
  6.  take the mark of rollout ${id} from Deployment vllm
Dry run: nothing was changed.
`);
    expect(code).toBe(0);
    expect(cluster.changes).toEqual([]);
  });

  test('as JSON: stdout has one object, the rest is on stderr', async () => {
    const { out, err } = await restore(file, '--dry-run', '--output', 'json');
    expect(JSON.parse(out)).toEqual({
      type: 'restore',
      result: 'dryRun',
      namespace: 'llm',
      route: 'llm',
      deployment: 'vllm',
      service: 'vllm',
      port: 8000,
      rolloutIds: [id],
      canaryWeightPercent: 50,
      leftAlone: [],
      orders: [...remainsHalfway.toDo.route, ...remainsHalfway.toDo.workload],
    });
    expect(err).toContain('To do');
  });
});

describe('done', () => {
  test('with a file: says how to abort the workflow', async () => {
    const { code, out } = await restore(file, '--yes');
    expect(out).toMatch(/all traffic is on stable[^]*the canary is gone\nDone: /);
    expect(out).toContain('sluice abort llama -n llm --reason "restored by hand"\n');
    expect(code).toBe(0);
    expect(cluster.changes).toEqual(['moveTraffic', `undoStable ${id}`, `clear ${id}`]);
  });

  test('without a file: says how to find the workflow', async () => {
    const { code, out } = await restore('-n', 'llm', '--yes');
    expect(out).toContain('sluice list --running -n llm\n  sluice abort NAME -n llm');
    expect(code).toBe(0);
  });

  test('a second time: nothing to do, 0', async () => {
    cluster.remains = remainsNone;
    const { code, out } = await restore(file, '--yes');
    expect(out).toContain('Nothing to restore');
    expect(code).toBe(0);
    expect(cluster.changes).toEqual([]);
  });

  test('a namespace without any marks: nothing to do, 0', async () => {
    cluster.found = [];
    const { code, out } = await restore('-n', 'llm', '--yes', '--output', 'json');
    expect(JSON.parse(out)).toEqual({ type: 'restore', result: 'nothing', namespace: 'llm' });
    expect(code).toBe(0);
  });

  test('something is there again afterwards: 1, and says what', async () => {
    cluster.onLook.push(
      () => undefined,
      () => (cluster.remains = remainsHalfway),
    );
    const { code, err } = await restore(file, '--yes');
    expect(err).toContain('Not everything is back; left to do:\n  lead all traffic back');
    expect(code).toBe(1);
  });
});

describe('asking', () => {
  test.each(['y', 'yes', ' Y '])('%j goes on', async (answer) => {
    const { code, questions } = await asked(answer, file);
    expect(questions).toEqual(['Go on? [y/N] ']);
    expect(code).toBe(0);
  });

  test.each(['', 'n', 'yep'])('%j does not: 2', async (answer) => {
    const { code, err } = await asked(answer, file);
    expect(err).toContain('Not confirmed; nothing was changed');
    expect(code).toBe(2);
    expect(cluster.changes).toEqual([]);
  });

  test('--yes is asked nothing', async () => {
    expect((await asked('n', file, '--yes')).questions).toEqual([]);
  });

  test('another rollout began while the person thought: 2', async () => {
    cluster.onLook.push(
      () => undefined,
      () => (cluster.remains = { ...remainsHalfway, rolloutIds: [id, 'later'] }),
    );
    const { code, err } = await asked('y', file);
    expect(err).toContain('Meanwhile rollout later has begun here');
    expect(code).toBe(2);
    expect(cluster.changes).toEqual([]);
  });
});

describe('stable has no ready pod', () => {
  beforeEach(() => {
    cluster.remains = { ...remainsHalfway, stable: stableDown };
  });

  test('it is said loudly, and --yes is not enough', async () => {
    const { code, out, err } = await restore(file, '--yes');
    expect(out).toContain('WARNING stable has no ready pod (Deployment vllm: 0/2 ready: ImagePullBackOff).');
    expect(err).toContain('--yes does not cover that; nothing was changed');
    expect(code).toBe(2);
    expect(cluster.changes).toEqual([]);
  });

  test('--force goes on', async () => {
    expect((await restore(file, '--force')).code).toBe(0);
    expect(cluster.changes[0]).toBe('moveTraffic');
  });

  test.each([
    ['y', 2],
    ['yes', 0],
  ])('a person has to write it out: %j gives %i', async (answer, expected) => {
    const { code, questions } = await asked(answer, file);
    expect(questions).toEqual(['Lead all traffic there all the same? Type yes: ']);
    expect(code).toBe(expected);
  });

  test('it does not matter when no traffic is on the canary', async () => {
    const { route } = remainsHalfway;
    cluster.remains = { ...cluster.remains, route: route && { ...route, leadsToCanary: false } };
    const { code, out } = await restore(file, '--yes');
    expect(out).not.toContain('WARNING');
    expect(code).toBe(0);
  });

  test('it lost its last one while the person thought: 2', async () => {
    const down = cluster.remains;
    cluster.remains = remainsHalfway;
    cluster.onLook.push(
      () => undefined,
      () => (cluster.remains = down),
    );
    const { code, err } = await asked('y', file);
    expect(err).toContain('Meanwhile stable has lost its last ready pod');
    expect(code).toBe(2);
  });
});

test('a target that does not exist: 3', async () => {
  cluster.remains = { ...remainsNone, route: null, missing: ['HTTPRoute llm/llm does not exist'] };
  const { code, err } = await restore(file, '--yes');
  expect(err).toContain('There is no such target: HTTPRoute llm/llm does not exist');
  expect(code).toBe(3);
});

test('the wrong target for the route: 2, nothing is changed', async () => {
  cluster.remains = { ...remainsHalfway, strays: ['HTTPRoute llm/llm leads to Service vllm-canary port 1'] };
  const { code, err } = await restore(file, '--force');
  expect(err).toContain('not the target that the rollout was for');
  expect(code).toBe(2);
  expect(cluster.changes).toEqual([]);
});

describe('rights', () => {
  test('missing for the route: 1, names them, changes nothing', async () => {
    cluster.missing = { route: ['update, patch httproutes.gateway.networking.k8s.io'], workload: [] };
    const { code, err } = await restore(file, '--yes');
    expect(err).toContain(
      'You may not update, patch httproutes.gateway.networking.k8s.io in namespace llm (context test',
    );
    expect(code).toBe(1);
    expect(cluster.changes).toEqual([]);
  });

  test('missing for the rest: moves the traffic, names them, 1', async () => {
    cluster.missing = { route: [], workload: ['patch, delete deployments.apps'] };
    const { code, out, err } = await restore(file, '--yes');
    expect(out).toContain('only the traffic is moved\n       not done: remove Deployment vllm-canary');
    expect(err).toContain('You may not patch, delete deployments.apps in namespace llm: somebody who may');
    expect(code).toBe(1);
    expect(cluster.changes).toEqual(['moveTraffic']);
  });
});

describe('the API server', () => {
  const answered = (code: number) =>
    new KubernetesFault(failureTypes.Refused, `cannot read HTTPRoute llm/llm: ${code}`, {
      answer: { code, reason: '', message: '', retryAfterMs: undefined },
    });
  test.each<[string, Error, string]>([
    [
      'does not answer',
      new KubernetesFault(failureTypes.Unavailable, 'no answer: ECONNREFUSED'),
      'Kubernetes does not answer (context test, https://cluster.example): no answer: ECONNREFUSED\nSet KUBECONFIG',
    ],
    ['does not know who asks', answered(401), 'Kubernetes does not know who asks (context test'],
    ['refuses', answered(403), 'Kubernetes refuses (context test'],
    ['has trouble', answered(500), 'Kubernetes (context test'],
  ])('%s: 1', async (_, fault, text) => {
    cluster.faults.set('look', () => fault);
    const { code, err } = await restore(file, '--yes');
    expect(err).toContain(text);
    expect(code).toBe(1);
  });
});

test('interrupted while the canary goes: 130, all traffic is moved', async () => {
  const interrupted = new AbortController();
  interrupted.abort();
  const { code, err } = await speak(['restore', file, '--yes'], rolloutsThat({}), {
    cluster,
    signal: interrupted.signal,
  });
  expect(err).toContain('Interrupted, with the canary not yet removed');
  expect(code).toBe(130);
  expect(cluster.changes[0]).toBe('moveTraffic');
});
