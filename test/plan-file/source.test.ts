import { describe, expect, test } from '@jest/globals';
import { parsePlan } from '../../src/plan-file/read.ts';
import { complaints, fileText } from './text.ts';

const one = 'rollout.yaml:';

describe('the text itself', () => {
  test.each<{ name: string; text: string; refused: string[] }>([
    { name: 'an empty file', text: '', refused: ['1:1 the file: found nothing, allowed: one rollout'] },
    {
      name: 'only comments',
      text: '# soon\n---\n',
      refused: ['1:1 the file: found nothing, allowed: one rollout'],
    },
    {
      name: 'two documents',
      text: `${fileText()}---\n${fileText()}`,
      refused: ['13:1 the file: found another document, allowed: one rollout a file'],
    },
    {
      name: 'no map',
      text: 'hello\n',
      refused: ['1:1 the file: found "hello", allowed: a map of apiVersion, kind, metadata, spec'],
    },
    {
      name: 'something else: its fields are not judged',
      text: 'apiVersion: argoproj.io/v1alpha1\nkind: Deployment\nspec: {strategy: {}}\n',
      refused: [
        '1:13 apiVersion: found "argoproj.io/v1alpha1", allowed: sluice.dev/v1alpha1',
        '2:7 kind: found "Deployment", allowed: Rollout',
      ],
    },
    {
      name: 'a head that is missing',
      text: fileText({ lines: { 1: null, 2: null } }),
      refused: [
        '3:1 apiVersion: found nothing, allowed: sluice.dev/v1alpha1',
        '3:1 kind: found nothing, allowed: Rollout',
      ],
    },
    {
      name: 'a tab',
      text: fileText({ added: ['  hold:', '\tlimit: 1h'] }),
      refused: ['13:1 spec.hold: found a tab, allowed: spaces as indentation'],
    },
    {
      name: 'a bracket that nobody closes',
      text: fileText({ lines: { 6: '  service: {name: vllm, port: 8000' } }),
      refused: [
        '7:3 spec.router: found a YAML error (Flow map in block collection must be sufficiently indented and end with a }), allowed: valid YAML',
      ],
    },
    {
      name: 'two fields on one line',
      text: fileText({ added: ['  finish: keepOld: 1h'] }),
      refused: [
        '12:11 spec.finish.keepOld: found a YAML error (Nested mappings are not allowed in compact mappings), allowed: valid YAML',
      ],
    },
    {
      name: 'a field twice',
      text: fileText({ added: ['  hold: {limit: 1h, limit: 2h}'] }),
      refused: ['12:21 spec.hold.limit: found the field a second time, allowed: each field once'],
    },
    {
      name: 'an alias without anchor',
      text: fileText({ added: ['  guards: *mine'] }),
      refused: ['12:11 spec.guards: found *mine without its anchor, allowed: an anchor further up'],
    },
    {
      name: 'an alias in its own anchor',
      text: fileText({ lines: { 10: '    patch: &p {spec: *p}' } }),
      refused: [
        '10:22 spec.release.patch.spec: found *p inside its own anchor, allowed: an anchor further up',
      ],
    },
    {
      name: 'a tag',
      text: fileText({ added: ['  keepOld: !env KEEP'] }),
      refused: ['12:12 spec.keepOld: found a tag (!), allowed: plain YAML without tags'],
    },
    {
      name: 'a number that JSON would change',
      text: fileText({ lines: { 10: '    patch: {spec: {a: .inf, b: 12345678901234567890}}' } }),
      refused: ['10:23 spec.release.patch.spec.a: found .inf, allowed: a number that JSON can hold exactly'],
    },
    {
      name: 'more levels than any plan has',
      text: fileText({ lines: { 10: `    patch: {spec: ${'['.repeat(100)}${']'.repeat(100)}}` } }),
      refused: [
        '10:79 spec.release.patch.spec' +
          '[0]'.repeat(60) +
          ': found too many levels, allowed: at most 64 levels',
      ],
    },
    {
      name: 'more than 1 MiB',
      text: fileText({ added: [`# ${'x'.repeat(1024 * 1024)}`] }),
      refused: ['1:1 the file: found more than 1 MiB, allowed: at most 1 MiB'],
    },
  ])('$name', ({ text, refused }) => {
    expect(complaints(text)).toEqual({ kind: 'refused', lines: refused.map((it) => `${one}${it}`) });
  });

  test('aliases that unfold to millions of values are refused', () => {
    const rows = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef'].map((it) => it.split(''))) {
      rows.push(
        `${String(to)}: &${String(to)} [${Array(9)
          .fill(`*${String(from)}`)
          .join(', ')}]`,
      );
    }
    expect(complaints(rows.join('\n')).lines).toEqual([expect.stringContaining('cannot be unfolded')]);
  });

  test.each([
    ['a byte order mark', `\uFEFF${fileText()}`],
    ['lines of Windows', fileText().replaceAll('\n', '\r\n')],
    ['an empty document at the end', `---\n${fileText()}---\n`],
    ['JSON', JSON.stringify(planAsJson())],
  ])('%s is fine', (_name, text) => {
    expect(complaints(text)).toEqual({ kind: 'ok', lines: [] });
  });

  test('places are right in lines of Windows, too', () => {
    const text = fileText({ added: ['  finish: no'] }).replaceAll('\n', '\r\n');
    expect(complaints(text).lines).toEqual([
      'rollout.yaml:12:11 spec.finish: found "no", allowed: update or adopt',
    ]);
  });
});

describe('anchors and merges', () => {
  const anchored = [
    '  guards:',
    '    - &guard {metric: error-rate, max: 1%}',
    '    - {<<: *guard, window: 2m}',
    '    - *guard',
  ];

  test('work', () => {
    const answer = parsePlan(fileText({ added: anchored }), 'rollout.yaml');
    expect(answer).toMatchObject({
      kind: 'ok',
      plan: {
        guards: [{ windowMs: 60_000 }, { criterion: { max: 0.01 }, windowMs: 120_000 }, { windowMs: 60_000 }],
      },
    });
  });

  test('a problem in one stands where it is written, under each field that uses it', () => {
    const text = fileText({ added: anchored }).replace('1%', '0%');
    const rest = 'found "0%", allowed: a share with its percent sign, 0.001% to 100%';
    expect(complaints(text).lines).toEqual(
      [0, 1, 2].map((index) => `rollout.yaml:13:40 spec.guards[${index}].max: ${rest}`),
    );
  });
});

function planAsJson(): unknown {
  return {
    apiVersion: 'sluice.dev/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'llama', namespace: 'llm' },
    spec: {
      workload: { kind: 'Deployment', name: 'vllm' },
      service: { name: 'vllm', port: 8000 },
      router: { kind: 'HTTPRoute', name: 'llm' },
      release: { version: 'v2', patch: { metadata: { annotations: { a: 'b' } } } },
      metrics: { prometheus: { url: 'https://prometheus.example/base' } },
    },
  };
}
