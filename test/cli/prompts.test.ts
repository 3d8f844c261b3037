import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { longestLine } from '../../src/cli/prompts/lines.ts';
import { readPrompts, type Prompt } from '../../src/domain/judge/prompts.ts';
import { speak } from '../support/cli-fakes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-prompts-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
/** A new file with these lines: texts as they are, all else as JSON. */
async function fileOf(lines: readonly unknown[]): Promise<string> {
  const file = path.join(folder, `${(files += 1)}.jsonl`);
  await writeFile(file, lines.map((it) => `${typeof it === 'string' ? it : JSON.stringify(it)}\n`).join(''));
  return file;
}

const chat = (content: string, more: object = {}) => ({ messages: [{ role: 'user', content }], ...more });

const subjects = ['cats', 'winter', 'bread', 'ships', 'chess', 'roots', 'glass', 'trains', 'jazz', 'salt'];
const verbs = ['Explain', 'Describe', 'Criticise', 'Praise', 'Compare', 'Summarise', 'Translate', 'Rhyme'];
const places = ['in Norway', 'at sea', 'for children', 'on Mars', 'in verse', 'to a judge', 'in the dark'];
/** 560 questions that differ. */
const questions = subjects.flatMap((subject) =>
  verbs.flatMap((verb) =>
    places.map((place) => `${verb} ${subject} ${place}, and why ${subject} matter ${place}.`),
  ),
);

function setOf(text: string): readonly Prompt[] {
  const reading = readPrompts(text);
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  return reading.prompts;
}

/** Makes a set, and reads it as the judge does. */
async function made(lines: readonly unknown[], ...flags: readonly string[]): Promise<readonly Prompt[]> {
  const { code, out, err } = await speak(['prompts', 'make', await fileOf(lines), ...flags]);
  if (code !== 0) throw new Error(err);
  return setOf(out);
}

const textsOf = (prompts: readonly Prompt[]) => prompts.map((it) => it.messages.at(-1)?.content);

describe('sluice prompts make', () => {
  test('writes a set that the judge can read, and tells what it has read and chosen', async () => {
    const log = await fileOf([
      ...questions.map((it) => chat(it, { category: 'essay' })),
      ...questions.slice(0, 40).map((it) => chat(` ${it.toUpperCase()}`)),
      'oops',
      { path: '/health' },
      'oops',
    ]);
    const file = path.join(folder, 'prompts.jsonl');
    const { code, out, err } = await speak(['prompts', 'make', log, '--count', '50', '--out', file]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('603 lines: 560 different requests, 40 repeated, 3 unusable');
    expect(out).toContain('2 unusable: no JSON (first in line 601)');
    expect(out).toContain('1 unusable: neither messages nor a prompt (first in line 602)');
    expect(out).toMatch(/^ +essay +short +single +latin +560 +50$/m);
    expect(out).toContain('fits into a ConfigMap');
    expect(out).toContain(`Written: ${file}`);
    const prompts = setOf(await readFile(file, 'utf8'));
    expect(prompts).toHaveLength(50);
    expect(new Set(prompts.map((it) => it.category))).toEqual(new Set(['essay']));
    for (const text of textsOf(prompts)) expect(questions).toContain(text);
  });

  test('as JSON, the same numbers', async () => {
    const log = await fileOf([...questions.map((it) => chat(it)), 'oops']);
    const file = path.join(folder, 'json.jsonl');
    const { out } = await speak(['prompts', 'make', log, '--count', '5', '--out', file, '--output', 'json']);
    expect(JSON.parse(out)).toEqual({
      lines: 561,
      repeated: 0,
      unusable: [{ why: 'no JSON', lines: 1, firstLine: 561 }],
      prompts: 5,
      strata: [{ category: null, length: 'short', turns: 'single', writing: 'latin', found: 560, chosen: 5 }],
      alike: expect.any(Number),
      masked: 0,
      bytes: Buffer.byteLength(await readFile(file, 'utf8')),
    });
  });

  test('without --out the prompts are the output, and all else is beside it', async () => {
    const { out, err } = await speak(['prompts', 'make', await fileOf(questions.map((it) => chat(it)))]);
    expect(setOf(out)).toHaveLength(400);
    expect(err).toContain('400 prompts');
  });

  test('the same log, count and seed make the same set, in whatever order the log is; another seed another one', async () => {
    const lines = questions.map((it) => chat(it));
    const set = await made(lines, '--count', '30');
    expect(await made(lines.toReversed(), '--count', '30')).toEqual(set);
    const other = await made(lines, '--count', '30', '--seed', '2');
    expect(textsOf(other)).not.toEqual(textsOf(set));
  });

  test('a prompt has the same id in each set that it is in', async () => {
    const small = await made(
      questions.map((it) => chat(it)),
      '--count',
      '30',
    );
    const all = await made(
      questions.map((it) => chat(it)),
      '--count',
      '500',
    );
    const ids = new Map(all.map((it) => [it.messages[0]?.content, it.id]));
    const kept = small.filter((it) => ids.has(it.messages[0]?.content));
    expect(kept.length).toBeGreaterThan(20);
    for (const it of kept) expect(ids.get(it.messages[0]?.content)).toBe(it.id);
  });

  test('every kind has its part, rare ones too', async () => {
    const prompts = await made(
      [
        ...questions.map((it, index) => chat(it, { meta: { team: index % 4 === 0 ? 'red' : 'blue' } })),
        chat('Почему небо голубое?', { meta: { team: 'red' } }),
        chat(`Why does this fail?\n\`\`\`\nprint(1\n\`\`\``, { meta: { team: 'red' } }),
      ],
      ...['--count', '42', '--category', 'meta.team'],
    );
    const texts = textsOf(prompts);
    expect(texts).toContain('Почему небо голубое?');
    expect(texts.filter((it) => it?.includes('```'))).toHaveLength(1);
    expect(prompts.filter((it) => it.category === 'blue')).toHaveLength(30);
  });

  test('of those that are almost the same one is taken, and it is said when there are not enough others', async () => {
    const ticket = (id: number) =>
      `Summarise ticket ${id}: the customer cannot log in to the portal since yesterday. Give two steps.`;
    const log = await fileOf([
      ...Array.from({ length: 100 }, (_, id) => chat(ticket(id))),
      ...questions.slice(0, 3).map((it) => chat(it)),
    ]);
    const { out, err } = await speak(['prompts', 'make', log, '--count', '10']);
    const texts = textsOf(setOf(out));
    expect(texts.filter((it) => it?.startsWith('Summarise ticket'))).toHaveLength(1);
    expect(texts.length).toBeLessThanOrEqual(4);
    expect(err).toContain('fewer than 10: there are no more that differ');
    expect(err).toMatch(/\d+ passed over that are almost the same as another/);
  });

  test('what all requests of an application say does not make them alike', async () => {
    const system = {
      role: 'system',
      content: `You help customers of a bank. ${'Be kind and brief. '.repeat(50)}`,
    };
    const lines = questions.slice(0, 3).map((content) => ({ messages: [system, { role: 'user', content }] }));
    const prompts = await made([...lines, { prompt: 'What is salt?' }]);
    expect(prompts.length).toBeGreaterThan(2);
    expect(prompts.filter((it) => it.messages[0]?.role === 'system').length).toBeGreaterThan(1);
  });

  test('personal data and keys are masked, wherever they are', async () => {
    const mail = 'anna.muster@example.com';
    const key = 'sk-abcdefghijklmnop1234';
    const log = await fileOf([
      {
        category: mail,
        messages: [
          { role: 'system', content: `Answer for ${mail}.` },
          { role: 'user', content: `My key ${key} fails.` },
          { role: 'assistant', content: 'Which one?' },
          { role: 'user', content: `The one of ${mail}` },
        ],
      },
      chat('Why is the sky blue?'),
    ]);
    const { out, err } = await speak(['prompts', 'make', log]);
    for (const secret of [mail, key]) expect(out + err).not.toContain(secret);
    expect(out).toContain('[email]');
    expect(err).toContain('something in 1 prompt;');
  });

  test('never replaces a file, unless it is told to', async () => {
    const log = await fileOf([chat('Why?')]);
    const file = await fileOf(['precious']);
    const refused = await speak(['prompts', 'make', log, '--out', file]);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain(`--out must be a new file: found ${file}\nWith --force it is replaced.`);
    expect(await readFile(file, 'utf8')).toBe('precious\n');
    expect((await speak(['prompts', 'make', log, '--out', file, '--force'])).code).toBe(0);
    expect(setOf(await readFile(file, 'utf8'))).toHaveLength(1);
  });

  test('reads lines however long, however the file ends, and whatever else is in it', async () => {
    const file = path.join(folder, 'odd.jsonl');
    const long = JSON.stringify(chat('x'.repeat(longestLine)));
    const good = JSON.stringify(chat('Wörter 😀'));
    await writeFile(
      file,
      Buffer.concat([
        Buffer.from(`\uFEFF${JSON.stringify(chat('first'))}\r\n\r\n\n${long}\n`),
        Buffer.from([0xff, 0xfe, 0x0a]),
        Buffer.from(good),
      ]),
    );
    const { out, err } = await speak(['prompts', 'make', file]);
    expect(textsOf(setOf(out)).toSorted()).toEqual(['Wörter 😀', 'first']);
    expect(err).toContain('4 lines: 2 different requests, 0 repeated, 2 unusable');
    expect(err).toContain(`1 unusable: more than ${longestLine} bytes in one line (first in line 4)`);
    expect(err).toContain('1 unusable: no JSON (first in line 5)');
  });

  test.each<[string, readonly unknown[], string]>([
    ['a log without requests', [{ path: '/health' }], '1: neither messages nor a prompt (first in line 1)'],
    ['a list', ['[', '{"prompt": "a"},', ']'], 'jq -c ".[]"'],
    ['an empty log', [], 'has none in 0 lines'],
  ])('%s is refused', async (_, lines, text) => {
    const { code, out, err } = await speak(['prompts', 'make', await fileOf(lines)]);
    expect(err).toContain(text);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test.each([
    [['--count', '0'], 'a whole number from 1 to 10000'],
    [['--seed', 'x'], 'a whole number from 0'],
    [['--category', 'a..b'], 'names with dots between'],
    [['--output', 'json'], '--output json needs --out'],
    [['--out', '/nowhere/at/all.jsonl'], '--out must be a file that can be written'],
  ])('%p is refused', async (flags, text) => {
    const { code, out, err } = await speak(['prompts', 'make', await fileOf([chat('Why?')]), ...flags]);
    expect(err).toContain(text);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test('a log that is not there is refused', async () => {
    const { code, err } = await speak(['prompts', 'make', path.join(folder, 'none')]);
    expect(code).toBe(2);
    expect(err).toContain('FILE must be a log that can be read: found');
  });
});

test('docs/prompts.md shows what is said of its example', async () => {
  const page = await readFile('docs/prompts.md', 'utf8');
  const [, flags = '', shown = ''] =
    /\$ sluice (prompts make .*) --out prompts\.jsonl\n([^]*?)```/.exec(page) ?? [];
  const file = path.join(folder, 'example.jsonl');
  const { out } = await speak([...flags.split(' '), '--out', file]);
  expect(out.replace(file, 'prompts.jsonl')).toBe(shown);
  expect(await readFile(file, 'utf8')).not.toContain('anna');
});

describe('sluice prompts check', () => {
  const lines = [
    { id: 'a', prompt: 'What is 6 * 7?', category: 'math', checker: { kind: 'numeric', value: 42 } },
    { id: 'b', prompt: 'Name a colour.', category: 'chat', reference: 'blue' },
    { id: 'c', prompt: 'Answer yes.', category: 'chat', checker: { kind: 'exact', value: 'yes' } },
    { id: 'd', prompt: 'Write to anna.muster@example.com.' },
  ];

  test('shows what a good set has', async () => {
    const file = await fileOf(lines);
    const sha256 = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    const { code, out, err } = await speak(['prompts', 'check', file]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.replaceAll(/ +/g, ' ')).toBe(`ok ${file}

prompts 4, 1 with a reference
checked numeric 1, exact 1
judged 2 by the judge
categories chat 2, math 1, none 1
size 1 KiB: fits into a ConfigMap
sha256 ${sha256}
personal 1 prompt may hold personal data or secrets: line 4
`);
  });

  test('as JSON, the same', async () => {
    const { out } = await speak(['prompts', 'check', await fileOf(lines), '--output', 'json']);
    expect(JSON.parse(out)).toMatchObject({ kind: 'ok', prompts: 4, withReference: 1, personal: [4] });
  });

  test('names all that is wrong, with its line', async () => {
    const file = await fileOf([
      lines[0],
      'oops',
      { id: 'a', prompt: 'Why?' },
      { prompt: 'x', checker: { kind: 'jsonSchema', schema: { type: 'nothing' } } },
    ]);
    const { code, out, err } = await speak(['prompts', 'check', file]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`error ${file}: line 2: `);
    expect(err).toContain(`error ${file}: line 3: id must be`);
    const json = await speak(['prompts', 'check', file, '--output', 'json']);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)).toMatchObject({ kind: 'refused', problems: [{ line: 2 }, { line: 3 }] });
  });

  test('a schema that is none is told, too', async () => {
    const file = await fileOf([
      { prompt: 'x', checker: { kind: 'jsonSchema', schema: { type: 'nothing' } } },
    ]);
    const { code, err } = await speak(['prompts', 'check', file]);
    expect(code).toBe(2);
    expect(err).toContain(`error ${file}: line 1: checker.schema must be a JSON Schema`);
  });

  test.each(['none.jsonl', '.'])('%s is refused', async (name) => {
    const { code, err } = await speak(['prompts', 'check', path.join(folder, name)]);
    expect(code).toBe(2);
    expect(err).toContain('FILE must be a prompt set');
  });
});

test('without a verb of its own it shows them', async () => {
  const { code, err } = await speak(['prompts']);
  expect(code).toBe(2);
  expect(err).toContain('sluice prompts make requests.jsonl');
});
