import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { FileValues } from '../../../src/adapters/values/file-values.ts';
import type { ToldValue } from '../../../src/domain/analysis/measurement.ts';

let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'sluice-values-'));
  folder = path.join(root, 'values');
  await mkdir(path.join(folder, 'in'), { recursive: true });
  const secret = '{"stable": 1, "canary": 1}';
  await writeFile(path.join(root, 'outside.json'), secret);
  await mkdir(`${folder}-beside`);
  await writeFile(path.join(`${folder}-beside`, 'x.json'), secret);
  await symlink('../outside.json', path.join(folder, 'link.json'));
  await symlink('in/good.json', path.join(folder, 'good-link.json'));
  await execa('mkfifo', [path.join(folder, 'pipe')]);
  const files = {
    'in/good.json': '{"stable": 0.9, "canary": 0.8}',
    'half.json': '{"stable": 0.9, "canary": null}',
    'text.json': '{"stable": 0.9, "canary": "0.8"}',
    'huge.json': '{"stable": 0.9, "canary": 1e999}',
    'failed.json': '{"failed": "x"}',
    'list.json': '7',
    'broken.json': '{"stable": 0.9, "cana',
    'long.json': `{"stable": 1, "canary": 1, "x": "${'x'.repeat(2 * 1024 ** 2)}"}`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
});
afterAll(() => rm(root, { recursive: true }));

async function canary(name: string, values = new FileValues(folder)): Promise<ToldValue | undefined> {
  return (await values.read({ path: name }, { windowsMs: [1000] })).get(1000)?.canary;
}

test('both arms, for all windows', async () => {
  const found = await new FileValues(folder).read({ path: 'in/good.json' }, { windowsMs: [1000, 2000] });
  const both = { stable: { value: 0.9 }, canary: { value: 0.8 } };
  expect([...found]).toEqual([
    [1000, both],
    [2000, both],
  ]);
});

const elsewhere = { failed: 'the file is not in the folder of values' };

test.each<[string, ToldValue]>([
  ['good-link.json', { value: 0.8 }],
  ['in/../in/good.json', { value: 0.8 }],
  ['half.json', { missing: 'the file has no number of canary' }],
  ['failed.json', { missing: 'the file has no number of canary' }],
  ['text.json', { failed: 'canary in the file is no number' }],
  ['huge.json', { missing: 'the value is Infinity' }],
  ['list.json', { failed: 'the file is no JSON map' }],
  ['broken.json', { failed: 'the file is not JSON' }],
  ['long.json', { failed: 'it is no file, or longer than 1048576 bytes' }],
  ['in', { failed: 'it is no file, or longer than 1048576 bytes' }],
  ['pipe', { failed: 'it is no file, or longer than 1048576 bytes' }],
  ['none.json', { failed: 'no such file' }],
  ['../outside.json', elsewhere],
  ['../none.json', elsewhere],
  ['../values-beside/x.json', elsewhere],
  ['/etc/hostname', elsewhere],
  ['link.json', elsewhere],
  ['.', elsewhere],
])('%s', async (name, expected) => {
  expect(await canary(name)).toEqual(expected);
});

test('a worker without a folder reads none', async () => {
  expect(await canary('in/good.json', new FileValues(null))).toEqual({
    failed: 'this worker reads no files',
  });
});

test('a folder that went is told without its name', async () => {
  expect(await canary('x.json', new FileValues(path.join(root, 'gone')))).toEqual({ failed: 'no such file' });
});
