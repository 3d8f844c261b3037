import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { vllm } from '../../../src/adapters/prometheus/vllm.ts';
import { countedNames } from '../../../src/domain/metrics/metrics.ts';
import { metricsPlan } from '../../support/plans.ts';
import { targetOf } from './targets.ts';

const recorded = new URL('../../fixtures/vllm-0.32.0-metrics.txt', import.meta.url);

test.each(countedNames.filter((it) => it !== 'user-satisfaction'))(
  '%s: a real vLLM has the series, with the labels that are read',
  async (name) => {
    const text = await readFile(recorded, 'utf8');
    const { counters, labels } = vllm(metricsPlan()).select(targetOf('llm'), [name]);
    const names = /__name__=~"([^"]+)"/.exec(counters)?.[1]?.split('|') ?? [];
    const found = names.filter((it) => text.includes(`\n${it}{`));
    // Of a series that was renamed, the present name is the first.
    expect(found).toContain(names[0]);
    const line = new RegExp(`^${names[0] ?? ''}\\{([^}]*)\\}`, 'm').exec(text)?.[1] ?? '';
    expect(labels.some((label) => line.includes(`${label}="`))).toBe(true);
  },
);
