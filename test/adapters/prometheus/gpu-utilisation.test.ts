import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { stringify } from 'yaml';
import type { Query, QueryAnswer } from '../../../src/adapters/prometheus/client.ts';
import { GpuUtilisation } from '../../../src/adapters/prometheus/gpu-utilisation.ts';
import { targetOf } from './targets.ts';

const never = new AbortController().signal;
const minute = 60_000;
const source = { url: 'http://127.0.0.1:9090', target: targetOf('llm') };

/** What is asked, and what is made of an answer. */
async function read(windowsMs: readonly number[], answer: QueryAnswer = { kind: 'vector', rows: [] }) {
  const asked: Query[] = [];
  const query = (it: Query) => {
    asked.push(it);
    return Promise.resolve(answer);
  };
  const found = await new GpuUtilisation({ query }).read(source, { windowsMs }, never);
  return { found, asked };
}

describe('the query, as PromQL has it', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-gpu-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const util = 'DCGM_FI_DEV_GPU_UTIL';
  const engine = 'DCGM_FI_PROF_GR_ENGINE_ACTIVE';
  const honoured = (pod: string, gpu = '0') => `{namespace="llm",pod="${pod}",gpu="${gpu}"}`;
  const exported = (pod: string, gpu = '0') =>
    `{namespace="gpu-operator",pod="dcgm-exporter-x2x4z",exported_namespace="llm",exported_pod="${pod}",gpu="${gpu}"}`;
  const [stable, canary] = ['vllm-5d4f8c7b9-x7k2p', 'vllm-canary-7c9d8f6b5-q4w8z'];

  test.each<{ name: string; series: Record<string, string>; expected: Record<string, number> }>([
    {
      name: 'the exporter’s labels kept (honorLabels: true)',
      series: {
        [`${util}${honoured(stable)}`]: '90x30',
        [`${util}${honoured(canary)}`]: '40x30',
      },
      expected: { [`stable ${util}`]: 90, [`canary ${util}`]: 40 },
    },
    {
      name: 'Prometheus’ labels kept, which is its default',
      series: {
        [`${util}${exported(stable)}`]: '90x30',
        [`${util}${exported(canary)}`]: '40x30',
      },
      expected: { [`stable ${util}`]: 90, [`canary ${util}`]: 40 },
    },
    {
      name: 'the mean over pods, GPUs and the window; of nobody else',
      series: {
        [`${util}${exported(stable, '0')}`]: '100x30',
        [`${util}${exported(stable, '1')}`]: '50x30',
        [`${util}${exported('vllm-5d4f8c7b9-b9c7d')}`]: '0x30',
        // Every 15 s: in the minute before second 436 they are 20, 40, 60, 80.
        [`${util}${exported(canary)}`]: '0x25 20 40 60 80',
        [`${util}${exported('vllm-other-5d4f8c7b9-x7k2p')}`]: '7x30',
        [`${util}${exported(stable).replace('"llm"', '"other"')}`]: '7x30',
        [`${util}{namespace="llm",gpu="9"}`]: '7x30',
      },
      expected: { [`stable ${util}`]: 50, [`canary ${util}`]: 50 },
    },
    {
      name: 'parts of a GPU',
      series: {
        [`${util}${exported(stable)}`]: '90x30',
        [`${engine}${exported(stable)}`]: '0.9x30',
        [`${engine}${exported(canary)}`]: '0.25x30',
      },
      expected: { [`stable ${util}`]: 90, [`stable ${engine}`]: 0.9, [`canary ${engine}`]: 0.25 },
    },
    { name: 'nothing', series: { up: '1x30' }, expected: {} },
  ])('$name', async ({ series, expected }) => {
    const { asked } = await read([minute]);
    const samples = Object.entries(expected).map(([key, value]) => {
      const [arm, name] = key.split(' ');
      const labels = `{sluice_arm="${arm ?? ''}",sluice_source="${name ?? ''}",sluice_window="60000"}`;
      return { labels, value };
    });
    const asks = { expr: asked[0]?.expression, eval_time: '436s', exp_samples: samples };
    const interval = '15s';
    const input = Object.entries(series).map(([it, values]) => ({ series: it, values }));
    const file = path.join(folder, 'gpu.yaml');
    const tests = [{ interval, input_series: input, promql_expr_test: [asks] }];
    await writeFile(file, stringify({ evaluation_interval: interval, tests }));
    const { exitCode, all } = await execa('promtool', ['test', 'rules', file], { reject: false, all: true });
    expect({ exitCode, all }).toEqual({ exitCode: 0, all: expect.stringContaining('SUCCESS') });
  });
});

describe('its answer', () => {
  const row = (arm: string, name: string, value: number, windowMs = minute) => {
    return { labels: { sluice_arm: arm, sluice_source: name, sluice_window: String(windowMs) }, value };
  };
  const missing = {
    missing: 'the canary has no series DCGM_FI_DEV_GPU_UTIL and no DCGM_FI_PROF_GR_ENGINE_ACTIVE',
  };

  test('one query tells all windows; each arm by what it has', async () => {
    const { found, asked } = await read([minute, 2 * minute], {
      kind: 'vector',
      rows: [
        row('stable', 'DCGM_FI_DEV_GPU_UTIL', 97),
        row('stable', 'DCGM_FI_PROF_GR_ENGINE_ACTIVE', 0.5),
        row('canary', 'DCGM_FI_PROF_GR_ENGINE_ACTIVE', 0.42),
        row('stable', 'DCGM_FI_DEV_GPU_UTIL', 80, 2 * minute),
      ],
    });
    expect([...found]).toEqual([
      [minute, { stable: { value: 0.97 }, canary: { value: 0.42 } }],
      [2 * minute, { stable: { value: 0.8 }, canary: missing }],
    ]);
    expect(asked).toHaveLength(1);
  });

  test('a Prometheus that is away is a failure of both arms', async () => {
    const why = 'Prometheus: no answer within 5 s';
    const { found } = await read([minute], { kind: 'providerError', why });
    expect(found.get(minute)).toEqual({ stable: { failed: why }, canary: { failed: why } });
  });
});
