import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { planDefaults } from '../../src/domain/plan/defaults.ts';
import { criteriaOf } from '../../src/domain/plan/criteria-of.ts';
import { boundOf } from '../../src/domain/plan/limit.ts';
import { bucketDefaults, transcriptsKeptMs } from '../../src/domain/plan/judge-defaults.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import { allFields } from '../../src/plan-file/fields.ts';
import { readPlanFile } from '../../src/plan-file/read.ts';
import { judgePlan, metricsPlan } from '../support/plans.ts';

const minimal = 'examples/minimal.yaml';
const canary = 'examples/canary.yaml';

/** The smallest file, as people write it. */
const expected: Plan = {
  name: 'llama',
  target: {
    cluster: 'default',
    namespace: 'llm',
    workload: { kind: 'Deployment', name: 'vllm' },
    service: { name: 'vllm', port: 8000 },
    router: { kind: 'HTTPRoute', name: 'llm' },
  },
  release: {
    version: 'v2',
    patch: { spec: { containers: [{ name: 'vllm', image: 'example/vllm:v2' }] } },
  },
  checklist: [],
  phases: planDefaults.phases,
  guards: planDefaults.guards,
  guardIntervalMs: 10_000,
  risk: { falseRollback: 0.01, falsePass: 0.05 },
  keepOldMs: 86_400_000,
  finish: 'update',
  capacity: { replicas: 'byWeight' },
  warmUp: { requestsPerPod: 5, path: '/v1/models' },
  hold: { limitMs: 86_400_000, then: 'rollBack' },
  deadlines: { canaryReadyMs: 1_800_000, routeAcceptedMs: 60_000, drainMs: 120_000 },
  onForeignChange: 'hold',
  onUnprovable: 'warn',
  metrics: metricsPlan({ url: 'http://127.0.0.1:9090' }),
  judge: null,
  headerRule: null,
  notifications: [],
};

describe('examples', () => {
  test.each([minimal, canary])('%s is the built-in plan, without a warning', async (path) => {
    expect(await readPlanFile(path)).toEqual({ kind: 'ok', plan: expected, warnings: [] });
  });

  test('examples/relative.yaml judges everything against stable, without a warning', async () => {
    const reading = await readPlanFile('examples/relative.yaml');
    if (reading.kind !== 'ok') throw new Error(JSON.stringify(reading));
    expect(reading.warnings).toEqual([]);
    const bounds = criteriaOf(reading.plan).map((it) => boundOf(it).of);
    expect(bounds).toHaveLength(12);
    expect(bounds).not.toContain('value');
  });

  test('every field that has a default is written out in canary.yaml', async () => {
    const [document] = parseAllDocuments(await readFile(canary, 'utf8'));
    const written = new Set(pathsOf(document?.toJS()));
    const left = allFields()
      // Of three limits a criterion has one, and the built-in ones are upper ones.
      .filter(({ path }) => !/\.(maxDifference|min|minRatio|minDifference)$/.test(path))
      .map((it) => it.path)
      // null and [] are these defaults, and the canary's prices are stable's: there is nothing below to write.
      .filter(
        (it) =>
          !/^spec\.(headerRule|judge|notifications\[\]|metrics\.feedback|metrics\.engine\.arms|metrics\.custom\[\])\.|\.cost\.canary/.test(
            it,
          ),
      )
      // Only criteria about metrics of one's own name one.
      .filter((it) => !it.endsWith('[].name'))
      // Of two kinds of prices one is the default.
      .filter((it) => !/\.(gpusPerPod|perGpuHour|outputTokensPerSecond)$/.test(it) && !written.has(it));
    expect(left).toEqual([]);
  });

  test('examples/values.yaml is good, without a warning', async () => {
    const answer = await readPlanFile('examples/values.yaml');
    expect(answer).toMatchObject({ kind: 'ok', warnings: [] });
  });

  test('examples/judge.yaml is the default judge of three phases, without a warning', async () => {
    const answer = await readPlanFile('examples/judge.yaml');
    if (answer.kind !== 'ok') throw new Error(JSON.stringify(answer));
    expect(answer.warnings).toEqual([]);
    expect(answer.plan.judge).toEqual(
      judgePlan({
        image: 'example/sluice-judge:0.4.0',
        prompts: { configMap: { name: 'judge-prompts', key: 'prompts.jsonl' } },
        endpoint: {
          url: 'https://judge.example',
          model: 'judge-large-2026-08',
          apiKey: { secret: 'judge-key', key: 'api-key' },
        },
        transcripts: {
          s3: {
            ...{ endpoint: 'https://s3.example', region: bucketDefaults.region },
            ...{ bucket: 'llm-judge', prefix: 'chat/' },
            credentials: { secret: 'transcripts-s3', ...bucketDefaults.credentials },
          },
          keepMs: transcriptsKeptMs,
        },
        price: { inputPerMillion: 1.25, outputPerMillion: 10 },
      }),
    );
  });

  test('every field of a judge is written out in examples/judge.yaml, but for the other sources and places', async () => {
    const [document] = parseAllDocuments(await readFile('examples/judge.yaml', 'utf8'));
    const written = new Set(pathsOf(document?.toJS()));
    const left = allFields().filter((it) => it.path.startsWith('spec.judge') && !written.has(it.path));
    expect([...new Set(left.map((it) => it.path))]).toEqual([
      'spec.judge.prompts.url',
      'spec.judge.transcripts.claim',
    ]);
  });

  test('a plan survives JSON, in which it travels', () => {
    expect(JSON.parse(JSON.stringify(expected))).toEqual(expected);
  });
});

function pathsOf(data: unknown, path = ''): string[] {
  if (Array.isArray(data)) return data.flatMap((it) => pathsOf(it, `${path}[]`));
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, it]) => {
    const own = path === '' ? key : `${path}.${key}`;
    return [own, ...pathsOf(it, own)];
  });
}
