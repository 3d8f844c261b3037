/** The example of docs/judging.md: another image as the judge. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { Stage, sums } from './stage.ts';

test('the example of another judge answers', async () => {
  const stage = await Stage.open();
  try {
    await stage.set({ canary: { answer: { meanTokens: 30, spreadTokens: 0 } } });
    const docs = await readFile(path.resolve(import.meta.dirname, '../../docs/judging.md'), 'utf8');
    const code = /```js\n(.*?)```/s.exec(docs)?.[1] ?? '';
    const [program, answer] = ['judge.mjs', 'answer.json'].map((it) => path.join(stage.folder, it));
    if (program === undefined || answer === undefined) throw new Error('two paths were made');
    expect(code).toContain("'/dev/termination-log'");
    await writeFile(program, code.replace("'/dev/termination-log'", JSON.stringify(answer)));
    const config = stage.config(await stage.prompts(sums(6)));
    await promisify(execFile)(process.execPath, [program], {
      env: { SLUICE_JUDGE_CONFIG: JSON.stringify(config) },
    });
    expect(JSON.parse(await readFile(answer, 'utf8'))).toEqual({
      version: 1,
      pairs: { wins: 6, losses: 0, ties: 0 },
    });
  } finally {
    await stage.close();
  }
});
