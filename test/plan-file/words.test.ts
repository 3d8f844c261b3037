import { describe, expect, test } from '@jest/globals';
import { describe as found } from '../../src/plan-file/found.ts';
import { formatPath, toFilePath, valueAt } from '../../src/plan-file/paths.ts';
import { parsePlan } from '../../src/plan-file/read.ts';
import { distance, suggest } from '../../src/plan-file/suggest.ts';
import { fileText } from './text.ts';

describe('paths', () => {
  test.each<[(string | number)[], string]>([
    [['name'], 'metadata.name'],
    [['target', 'namespace'], 'metadata.namespace'],
    [['target', 'cluster'], 'metadata.cluster'],
    [['target', 'service', 'port'], 'spec.service.port'],
    [['phases', 1, 'weightPercent'], 'spec.phases[1].weight'],
    [['phases', 0, 'gates', 2, 'criterion', 'max'], 'spec.phases[0].gates[2].max'],
    [['guards', 0, 'sustainedForMs'], 'spec.guards[0].sustainedFor'],
    [['guardIntervalMs'], 'spec.guardInterval'],
    [['deadlines', 'canaryReadyMs'], 'spec.deadlines.canaryReady'],
    [['metrics', 'prometheus', 'url'], 'spec.metrics.prometheus.url'],
    [['judge', 'transcripts', 'keepMs'], 'spec.judge.transcripts.keep'],
    [['release', 'patch', 'spec', 'criterion', 'timeoutMs'], 'spec.release.patch.spec.criterion.timeoutMs'],
    [['release', 'patch', 'metadata', 'labels', 'a/b'], 'spec.release.patch.metadata.labels["a/b"]'],
  ])('%j is %s', (path, text) => {
    expect(formatPath(toFilePath(path))).toBe(text);
  });

  test('do not lead into what objects inherit', () => {
    expect(valueAt({}, ['constructor', 'name'])).toBeUndefined();
    const answer = parsePlan(fileText({ added: ['  constructor: 1', '  __proto__: {finish: adopt}'] }), 'f');
    expect(answer).toMatchObject({
      kind: 'refused',
      problems: [{ path: 'spec.constructor' }, { path: 'spec.__proto__' }],
    });
  });
});

describe('what was found', () => {
  test.each<[unknown, string]>([
    [undefined, 'nothing'],
    [null, 'nothing'],
    ['', '""'],
    ['two\nlines', '"two\\nlines"'],
    ['x'.repeat(100), `"${'x'.repeat(80)}…"`],
    [0.5, '0.5'],
    [false, 'false'],
    [[], 'an empty list'],
    [[1], 'a list of 1'],
    [{}, 'an empty map'],
    [{ a: 1 }, 'a map'],
    ['https://user:hunter2@host:1/a?b=c#d', '"https://…@host:1/…"'],
    ['http://host', '"http://host"'],
    ['http://host?token=hunter2', '"http://host/…"'],
    ['redis://:hunter2@host', '"redis://…@host"'],
    ['sk-hunter2hunter2hunter2', 'what may be a secret'],
  ])('%j is shown as %s', (value, text) => {
    expect(found(value)).toBe(text);
  });
});

describe('suggest', () => {
  const beside = ['weight', 'bake', 'gates', 'requireApproval'];

  test.each<[string, string | null]>([
    ['wieght', 'weight'],
    ['Weight', 'weight'],
    ['gate', 'gates'],
    ['requiresApproval', 'requireApproval'],
    ['guardInterval', 'spec.guardInterval'],
    ['pause', null],
    ['x', null],
    ['weight'.repeat(1000), null],
  ])('%s: %s', (name, meant) => {
    expect(suggest(name, beside)).toBe(meant);
  });

  test.each([
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['same', 'same', 0],
  ])('from %j to %j are %i', (a, b, count) => {
    expect(distance(a, b)).toBe(count);
    expect(distance(b, a)).toBe(count);
  });
});
