import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openCluster } from '../../../src/cli/restore/connect.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);

function kubeconfig(name: string, current = name): string {
  return JSON.stringify({
    'current-context': current,
    clusters: [{ name, cluster: { server: `https://${name}.example` } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-kubeconfig-'));
  await writeFile(at('one'), kubeconfig('one'));
  await writeFile(at('two'), kubeconfig('two'));
  await writeFile(at('none'), kubeconfig('none', ''));
  await writeFile(at('broken'), '{{');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('which cluster', () => {
  test.each<[string, readonly string[], string | undefined, string]>([
    ['the current context', ['one'], undefined, 'context one, https://one.example'],
    ['of several files the first one’s', ['one', 'two'], undefined, 'context one, https://one.example'],
    ['the context that is asked for', ['one', 'two'], 'two', 'context two, https://two.example'],
  ])('%s', (_, files, context, place) => {
    const KUBECONFIG = files.map(at).join(path.delimiter);
    expect(openCluster({ KUBECONFIG }, context).place).toBe(place);
  });
});

describe('none', () => {
  test.each<[string, NodeJS.ProcessEnv, string | undefined, number, RegExp]>([
    ['a file that is not there', { KUBECONFIG: 'absent' }, undefined, 1, /absent how to connect.*ENOENT/],
    ['a file that is no kubeconfig', { KUBECONFIG: 'broken' }, undefined, 1, /broken how to connect/],
    ['no current context', { KUBECONFIG: 'none' }, undefined, 1, /must have a current context.*found none/],
    ['no such context', { KUBECONFIG: 'one' }, 'two', 2, /found two, allowed one/],
    ['no KUBECONFIG and no file of the person', { HOME: 'nowhere' }, undefined, 1, /\.kube.config how to/],
  ])('%s', (_, env, context, exitCode, text) => {
    const placed = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, at(value ?? '')]));
    const open = () => openCluster(placed, context);
    expect(open).toThrow(
      expect.objectContaining({ exitCode, message: expect.stringMatching(text) as unknown }),
    );
  });
});

test('a kubeconfig that is no YAML is refused without a word of it: tokens are in there', async () => {
  await writeFile(at('spoilt'), 'users:\n- user: {token: s3cret-token\nclusters: []\n');
  let problem: unknown;
  try {
    openCluster({ KUBECONFIG: at('spoilt') }, undefined);
  } catch (error) {
    problem = error;
  }
  expect(String(problem)).toMatch(/spoilt how to connect/);
  expect(inspect(problem)).not.toContain('s3cret');
});
