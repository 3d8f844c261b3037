import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { speak } from '../support/cli-fakes.ts';
import { cliPlanFile } from '../support/cli-plan-file.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-simulate-'));
  file = path.join(folder, 'rollout.yaml');
  const usual = cliPlanFile({ name: 'vllm', namespace: 'llm', version: 'v2', holdLimit: '5m' });
  await writeFile(
    file,
    `${usual}  phases: [{ weight: 10, bake: 5m }, { weight: 100, bake: 0s }]\n  keepOld: 5m\n`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

const simulate = (...argv: string[]) => speak(['simulate', file, '--times', '2', ...argv]);

describe('sluice simulate', () => {
  test('plays what is asked for, and says how it ends and what is made up', async () => {
    const { code, out, err } = await simulate('--scenario', 'errors=60%', '--scenario', 'good');
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('2 rollouts each, 10 requests/s');
    expect(out).toMatch(/^errors=60% +rolled back 100 % .* guard error-rate$/m);
    expect(out).toMatch(/^good +promoted 100 %$/m);
    expect(out).toMatch(/^errors=60%: +60 % of its requests fail$/m);
  });

  test('plays everything when nothing is asked for; JSON has the same', async () => {
    const { code, out } = await simulate('--output', 'json', '--requests-per-second', '0.5', '--seed', '7');
    expect(code).toBe(0);
    const { scenarios, ...how } = JSON.parse(out) as { scenarios: { scenario: string; summary: unknown }[] };
    expect(how).toEqual({ requestsPerSecond: 0.5, seed: 7, takenAsKept: [] });
    expect(scenarios.map((it) => it.scenario)).toEqual([
      'good',
      'errors',
      'slow',
      'dearer',
      'leak',
      'no-traffic',
    ]);
    expect(scenarios[5]?.summary).toMatchObject({ times: 2, promoted: 0, rolledBack: 1 });
  });

  test('the same seed plays the same, whatever else is played', async () => {
    const alone = await simulate('--scenario', 'errors=3%', '--output', 'json');
    const both = await simulate('--scenario', 'errors=50%', '--scenario', 'errors=3%', '--output', 'json');
    const last = ({ out }: { out: string }) => (JSON.parse(out) as { scenarios: unknown[] }).scenarios.at(-1);
    expect(last(both)).toEqual(last(alone));
  });

  test.each([
    [['--scenario', 'errors=2'], 'It must be good, errors[=2%]'],
    [['--times', '0'], 'a whole number from 1 to 100000'],
    [['--times', '1.5'], 'a whole number from 1 to 100000'],
    [['--requests-per-second', '0'], 'a number from 0.01 to 100000'],
    [['--seed', 'x'], 'a whole number'],
  ])('refuses %p', async (argv, text) => {
    const { code, err, out } = await simulate(...argv);
    expect(err).toContain(text);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test('refuses a bad file as check does', async () => {
    const bad = path.join(folder, 'bad.yaml');
    await writeFile(bad, 'kind: Rollout\n');
    const { code, err } = await speak(['simulate', bad]);
    expect(code).toBe(2);
    expect(err).toBe((await speak(['check', bad])).err);
    expect(err).toContain('error ');
  });
});
