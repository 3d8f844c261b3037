import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../../src/cli/exit-codes.ts';
import { CliProblem } from '../../../src/cli/problem.ts';
import type { Sight } from '../../../src/cli/rollouts/rollouts.ts';
import type { SeriesQuestion, SeriesReading } from '../../../src/domain/series/series.ts';
import { rolloutsThat, run, showing, speak } from '../../support/cli-fakes.ts';
import { baking } from '../../support/cli-states.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-report-'));
});
afterAll(() => rm(folder, { recursive: true }));

const none: SeriesReading = { kind: 'series', series: [] };

function report(argv: readonly string[], answers: Partial<Parameters<typeof rolloutsThat>[0]> = {}) {
  const rollouts = rolloutsThat({
    ...showing({ kind: 'running', state: baking }),
    readSeries: () => Promise.resolve(none),
    ...answers,
  });
  return speak(['report', 'vllm', '-n', 'llm', ...argv], rollouts);
}

describe('sluice report', () => {
  test('writes a page to a file, and asks for the metrics of all the time with traffic', async () => {
    const asked: SeriesQuestion[] = [];
    const file = path.join(folder, 'report.html');
    const { code, out, err } = await report(['--out', file], {
      readSeries: (question) => {
        asked.push(question);
        return Promise.resolve(none);
      },
    });
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: `Written: ${file}\n` });
    expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>/);
    expect(asked).toMatchObject([
      { plan: baking.plan, stretches: [{ weightPercent: 1 }, { weightPercent: 10 }] },
    ]);
  });

  test('to stdout without a file; as Markdown, as JSON', async () => {
    expect((await report([])).out).toMatch(/^<!doctype html>/);
    expect((await report(['--output', 'markdown'])).out).toMatch(/^## vllm to v2\n/);
    const { out } = await report(['--output', 'json']);
    expect(JSON.parse(out)).toMatchObject({ rollout: run.rollout, series: none, cutOff: null });
  });

  test('a worker that cannot read the metrics leaves a report without plots', async () => {
    const away = () => Promise.reject(new CliProblem(exitCodes.unexpected, 'No worker could read it'));
    const { code, out } = await report([], { readSeries: away });
    expect(code).toBe(0);
    expect(out).toContain('Nobody can tell any more: No worker could read it');
  });

  test('without a worker there is no state to report', async () => {
    const gone: Sight = { kind: 'noWorker', why: 'task queue sluice' };
    const { code, err } = await report([], showing(gone));
    expect(code).toBe(1);
    expect(err).toContain('No worker tells the state of vllm in llm');
  });

  test('a file that cannot be written', async () => {
    const { code, err } = await report(['--out', path.join(folder, 'no', 'such', 'folder.html')]);
    expect(code).toBe(2);
    expect(err).toContain('--out must be a file that can be written: ENOENT');
  });
});
