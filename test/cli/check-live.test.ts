import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TrafficReading } from '../../src/domain/prospects/traffic.ts';
import { rolloutsThat, speak } from '../support/cli-fakes.ts';
import { cliPlanFile } from '../support/cli-plan-file.ts';
import { service } from '../domain/prospects/services.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-check-live-'));
  file = path.join(folder, 'rollout.yaml');
  await writeFile(file, cliPlanFile({ name: 'vllm', namespace: 'llm', version: 'v2' }));
});
afterAll(() => rm(folder, { recursive: true }));

function check(reading: TrafficReading, ...argv: string[]) {
  const rollouts = rolloutsThat({ readTraffic: () => Promise.resolve(reading) });
  return speak(['check', argv[0] ?? file, '--live', ...argv.slice(1)], rollouts);
}

describe('sluice check --live', () => {
  test('tells of each phase what it can prove, and how soon bad canaries are caught', async () => {
    const { code, out, err } = await check({ kind: 'traffic', ...service(2, 0.0002) });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain("At today's traffic: 2 requests/s in the last 1 h");
    expect(out).toMatch(
      /^ {2}1 \(1 %\) +72 requests +error-rate < 0.1 %: cannot tell, it takes a bake of 4 h/m,
    );
    expect(out).toMatch(/^ {2}2 \(10 %\) +1,400 requests +error-rate < 0.1 %: passes without proof$/m);
    expect(out).toMatch(/^ {2}3 \(50 %\) +14,000 requests +error-rate < 0.1 %: proven$/m);
    expect(out).toMatch(
      /^ {2}20 % +is rolled back by a guard in phase 1 of 4, after about 20 min and 5 failed requests$/m,
    );
  });

  test('JSON has the plan, and the same numbers', async () => {
    const { out } = await check({ kind: 'traffic', ...service(2, 0) }, file, '--output', 'json');
    const { plan, prospects } = JSON.parse(out) as { plan: { name: string }; prospects: unknown };
    expect(plan.name).toBe('vllm');
    expect(prospects).toMatchObject({
      ...{ requestsPerSecond: 2, windowMs: 3_600_000 },
      phases: [{ weightPercent: 1, requests: { canary: 72, stable: 7128 } }, {}, {}, {}],
      catches: [{ errorShare: 0.02 }, { errorShare: 0.05 }, { errorShare: 0.2, ends: 'rolledBack' }],
    });
  });

  test('a plan that asks to be refused when it can prove too little is', async () => {
    const strict = path.join(folder, 'strict.yaml');
    const usual = cliPlanFile({ name: 'vllm', namespace: 'llm', version: 'v2' });
    await writeFile(strict, `${usual}  onUnprovable: refuse\n`);
    const { code, err } = await check({ kind: 'traffic', ...service(2, 0) }, strict);
    expect(code).toBe(2);
    expect(err).toContain(
      'It would be refused at its start (onUnprovable: refuse):\n  phase 1: error-rate < 0.1 % will',
    );
    expect((await check({ kind: 'traffic', ...service(50, 0) }, strict)).code).toBe(0);
    const known = service(50, 0);
    const stable = { ...known.stable, 'e2e-latency': { missing: 'nobody scrapes it' } };
    const blind = await check({ kind: 'traffic', ...known, stable }, strict);
    expect(blind.code).toBe(2);
    expect(blind.err).toContain(
      'phase 1: e2e-latency p99 < 2 x stable has no numbers of stable: nobody scrapes it',
    );
  });

  test.each<[string, TrafficReading]>([
    ['Prometheus does not answer', { kind: 'unknown', why: 'Prometheus does not answer' }],
    ['vllm had no requests in the last 1 h', { kind: 'traffic', ...service(0, 0) }],
  ])('nobody knows: %s', async (why, reading) => {
    const { code, err } = await check(reading);
    expect({ code, err }).toEqual({
      code: 1,
      err: `sluice: Nobody knows what the plan can prove: ${why}\n`,
    });
  });

  test('without it nobody is asked', async () => {
    const { code, out } = await speak(['check', file]);
    expect(code).toBe(0);
    expect(out).not.toContain('traffic');
  });
});
