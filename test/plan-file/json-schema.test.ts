import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { rolloutSchema } from '../../schema/generate.ts';
import { allFields } from '../../src/plan-file/fields.ts';
import { rolloutJsonSchema } from '../../src/plan-file/json-schema.ts';

// What editors do with it, done by zod from the JSON alone.
const asEditorsSee = z.fromJSONSchema(
  JSON.parse(JSON.stringify(rolloutJsonSchema())) as z.core.JSONSchema.JSONSchema,
);

async function example(path: string): Promise<Record<string, Record<string, unknown>>> {
  return parse(await readFile(path, 'utf8')) as Record<string, Record<string, unknown>>;
}

describe('schema/rollout.schema.json', () => {
  test('is what schema/generate.ts writes', async () => {
    expect(await readFile(rolloutSchema.file, 'utf8')).toBe(await rolloutSchema.text());
  });

  test('describes every field', () => {
    expect(allFields().filter((it) => it.schema.description === undefined)).toEqual([]);
  });

  test.each([
    'examples/minimal.yaml',
    'examples/canary.yaml',
    'examples/relative.yaml',
    'examples/judge.yaml',
  ])('accepts %s', async (path) => {
    expect(asEditorsSee.safeParse(await example(path)).error).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['finsh', 'adopt'],
    ['finish', 'delete'],
    ['keepOld', 30],
    ['keepOld', '1.5h'],
    ['guardInterval', ''],
    ['phases', [{ weight: 101, bake: '1h' }]],
    ['phases', []],
    ['guards', [{ metric: 'error-rate', max: 0.1 }]],
    ['guards', [{ metric: 'error-rate', quantile: 'p99', max: '1%' }]],
    ['guards', [{ metric: 'errors', max: '1%' }]],
    ['judge', { image: 'example/judge:1' }],
    ['judge', { image: 'example/judge:1', prompts: { url: 'http://x' }, deadline: 60 }],
  ])('refuses %s: %j', async (field, value) => {
    const file = await example('examples/minimal.yaml');
    expect(asEditorsSee.safeParse({ ...file, spec: { ...file['spec'], [field]: value } }).success).toBe(
      false,
    );
  });
});
