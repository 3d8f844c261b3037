import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cacheRoot, keyOf, makeOnce } from '../../../dev/tools/cache.ts';

describe('makeOnce', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'cache-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const fill = (content: string) => (part: string) => writeFile(path.join(part, 'file'), content);
  const contentOf = (folder: string) => readFile(path.join(folder, 'file'), 'utf8');

  test('makes the folder once', async () => {
    const folder = path.join(root, 'tool-1');
    await makeOnce(folder, fill('first'));
    await makeOnce(folder, fill('second'));
    expect(await contentOf(folder)).toBe('first');
    expect(await readdir(root)).toEqual(['tool-1']);
  });

  test('a failed make leaves nothing, and the next one goes', async () => {
    const folder = path.join(root, 'tool-1');
    await expect(makeOnce(folder, () => Promise.reject(new Error('no network')))).rejects.toThrow(
      'no network',
    );
    expect(await readdir(root)).toEqual([]);
    await makeOnce(folder, fill('second'));
    expect(await contentOf(folder)).toBe('second');
  });

  test('two at once: the first to finish wins, nothing of the other stays', async () => {
    const folder = path.join(root, 'tool-1');
    await Promise.all([makeOnce(folder, fill('same')), makeOnce(folder, fill('same'))]);
    expect(await contentOf(folder)).toBe('same');
    expect(await readdir(root)).toEqual(['tool-1']);
  });

  test('what a killed make left is cleared by the next one; what another process is making stays', async () => {
    const folder = path.join(root, 'tool-1');
    // No process has a number beyond the kernel's limit of 4194304.
    await makeOnce(`${folder}.part-4194305-x/tool`, fill('half'));
    await makeOnce(`${folder}.part-1-x/tool`, fill('in the making'));
    await makeOnce(folder, fill('whole'));
    expect((await readdir(root)).sort()).toEqual(['tool-1', 'tool-1.part-1-x']);
  });
});

test('keyOf tells apart what is joined differently', () => {
  expect(keyOf('ab', 'c')).not.toBe(keyOf('a', 'bc'));
  expect(keyOf('ab', 'c')).toBe(keyOf('ab', 'c'));
});

test.each([
  [{ SLUICE_CACHE: '/c' }, '/c'],
  [{ XDG_CACHE_HOME: '/x' }, '/x/sluice'],
])('cacheRoot of %p is %s', (env, expected) => {
  expect(cacheRoot(env)).toBe(expected);
});
