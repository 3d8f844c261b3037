import { expect, test } from '@jest/globals';
import type { CliProblem } from '../../../src/cli/problem.ts';
import type { Clue } from '../../../src/cli/restore/cluster.ts';
import { targetOfFlags, type TargetFlags } from '../../../src/cli/restore/target.ts';
import { clue, FakeCluster } from './fake-cluster.ts';
import { id, target } from './objects.ts';

async function choose(found: readonly Clue[] | null, flags: TargetFlags = {}) {
  const cluster = new FakeCluster();
  cluster.found = found;
  return targetOfFlags(cluster, { namespace: 'llm', ...flags });
}

const refusal = (found: readonly Clue[] | null, flags?: TargetFlags): Promise<CliProblem> =>
  choose(found, flags).then(
    (chosen) => {
      throw new Error(`chose ${JSON.stringify(chosen)}`);
    },
    (problem: unknown) => problem as CliProblem,
  );

test('the one target that has marks', async () => {
  expect(await choose([clue])).toEqual({ target, rollout: null });
});

test('no marks: none', async () => {
  expect(await choose([])).toBeNull();
});

test('all four flags: nothing is looked for', async () => {
  const cluster = new FakeCluster();
  const flags = { route: 'a', deployment: 'b', service: 'c', port: 80 };
  expect((await targetOfFlags(cluster, flags))?.target).toEqual({
    cluster: 'default',
    namespace: 'default',
    workload: { kind: 'Deployment', name: 'b' },
    service: { name: 'c', port: 80 },
    router: { kind: 'HTTPRoute', name: 'a' },
  });
  expect(cluster.asked).toEqual([]);
});

test('several: refused with the flags that choose, and one of them chooses', async () => {
  const several = [clue, { ...clue, rolloutId: 'b', route: 'other' }];
  const { message, exitCode } = await refusal(several);
  expect(message).toContain(`--route llm --deployment vllm --service vllm --port 8000 (rollout ${id})\n`);
  expect(message).toContain('--route other --deployment vllm --service vllm --port 8000 (rollout b)');
  expect(exitCode).toBe(2);
  expect((await choose(several, { route: 'other' }))?.target.router.name).toBe('other');
});

test('two rollouts that left marks on one target are no choice', async () => {
  expect((await choose([clue, { ...clue, rolloutId: 'b' }]))?.target).toEqual(target);
});

test('a part that the marks do not tell is asked for, and taken', async () => {
  const partial = [{ ...clue, deployment: null, port: null }];
  expect(await refusal(partial)).toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('--deployment ? --service vllm --port ?') as unknown,
    hint: 'Give --deployment and --port too, or the rollout file.',
  });
  expect((await choose(partial, { deployment: 'vllm', port: 8000 }))?.target).toEqual(target);
});

test('none that fits: not found, and shows what there is', async () => {
  expect(await refusal([clue], { route: 'typo' })).toMatchObject({
    exitCode: 3,
    message: expect.stringContaining('found:\n  --route llm') as unknown,
  });
});

test('an empty namespace: not found', async () => {
  expect(await refusal(null, { namespace: 'typo' })).toMatchObject({
    exitCode: 3,
    message: 'Namespace typo has neither an HTTPRoute nor a Deployment',
  });
});
