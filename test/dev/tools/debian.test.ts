import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { missingPrograms } from '../../../dev/tools/debian.ts';

test('a program is there when a file of its name on PATH can be executed, whoever installed it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'path-'));
  try {
    await writeFile(path.join(folder, 'containerd'), '');
    await chmod(path.join(folder, 'containerd'), 0o755);
    await writeFile(path.join(folder, 'runc'), '');
    await chmod(path.join(folder, 'runc'), 0o644);
    const missing = (await missingPrograms({ PATH: `/nowhere:${folder}` })).map((it) => it.program);
    expect(missing).not.toContain('containerd');
    expect(missing).toContain('runc');
  } finally {
    await rm(folder, { recursive: true });
  }
});
