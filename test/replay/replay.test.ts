import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';

const folder = path.join(import.meta.dirname, 'histories');
const files = readdirSync(folder).sort();

describe('recorded histories replay on the present workflow: a rollout survives an upgrade of its worker', () => {
  let workflowBundle: WorkflowBundle;
  beforeAll(async () => {
    const logger = new DefaultLogger('ERROR');
    Runtime.install({ logger });
    const workflowsPath = path.resolve(import.meta.dirname, '../../src/workflows/index.ts');
    workflowBundle = await bundleWorkflowCode({ workflowsPath, logger });
  });

  test('there are histories of a promotion, a breach, a hold and an abort', () => {
    expect(files).toEqual(
      expect.arrayContaining(['promoted.json', 'breach.json', 'abort-while-a-write-hangs.json']),
    );
  });

  test.each(files)('%s', async (file) => {
    const history: unknown = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
    await expect(Worker.runReplayHistory({ workflowBundle }, history)).resolves.toBeUndefined();
  });

  test('a history whose steps come in another order is refused: the check can fail', async () => {
    const text = readFileSync(path.join(folder, 'promoted.json'), 'utf8').replaceAll(
      '"takeTarget"',
      '"clearAway"',
    );
    await expect(Worker.runReplayHistory({ workflowBundle }, JSON.parse(text))).rejects.toThrow(
      /takeTarget|clearAway/,
    );
  });
});
