import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readPlanFile } from '../../src/plan-file/read.ts';
import { renderProblem } from '../../src/plan-file/problem.ts';
import { fileText } from './text.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-plan-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function read(path: string): Promise<string[]> {
  const answer = await readPlanFile(path);
  return answer.kind === 'ok' ? ['ok'] : answer.problems.map(renderProblem);
}

async function readContent(content: string | Buffer): Promise<string[]> {
  const path = join(folder, 'rollout.yaml');
  await writeFile(path, content);
  return (await read(path)).map((it) => it.replace(path, 'rollout.yaml'));
}

describe('readPlanFile', () => {
  test('reads a good file', async () => {
    expect(await readContent(fileText())).toEqual(['ok']);
  });

  test('names the file as it was given', async () => {
    const path = join(folder, 'none.yaml');
    expect(await read(path)).toEqual([
      `${path}:1:1 the file: found no such file, allowed: a readable text file in UTF-8`,
    ]);
  });

  test('refuses a folder', async () => {
    expect(await read(folder)).toEqual([
      `${folder}:1:1 the file: found a folder, allowed: a readable text file in UTF-8`,
    ]);
  });

  test('refuses bytes that are no text', async () => {
    const utf16 = Buffer.from(`\uFEFF${fileText()}`, 'utf16le');
    expect(await readContent(utf16)).toEqual([
      'rollout.yaml:1:1 the file: found bytes that are not UTF-8, allowed: a readable text file in UTF-8',
    ]);
  });

  test('takes 1 MiB and refuses one byte more, in whatever letters', async () => {
    const most = 1024 * 1024;
    const room = most - Buffer.byteLength(fileText()) - 1;
    const comment = `#${'é'.repeat(Math.floor((room - 1) / 2))}`;
    const full = `${fileText()}${comment}`.padEnd(most - Math.floor((room - 1) / 2), 'x');
    expect(Buffer.byteLength(full)).toBe(most);
    expect(await readContent(full)).toEqual(['ok']);
    expect(await readContent(`${full}x`)).toEqual([
      'rollout.yaml:1:1 the file: found more than 1 MiB, allowed: at most 1 MiB',
    ]);
  });
});
