import { describe, expect, test } from '@jest/globals';
import { promptProblemText } from '../../../src/domain/judge/prompt-problem.ts';
import { promptLimits, readPrompts } from '../../../src/domain/judge/prompts.ts';

const read = (...lines: readonly unknown[]) => readPrompts(lines.map((it) => JSON.stringify(it)).join('\n'));

function problemsOf(text: string): string[] {
  const reading = readPrompts(text);
  return reading.kind === 'ok' ? [] : reading.problems.map(promptProblemText);
}

describe('readPrompts', () => {
  test('reads a prompt with nothing else; its id is the number of its line', () => {
    expect(readPrompts('\n{"prompt": "Why?"}\n\n')).toEqual({
      kind: 'ok',
      prompts: [
        {
          id: '2',
          line: 2,
          messages: [{ role: 'user', content: 'Why?' }],
          reference: null,
          category: null,
          checker: null,
        },
      ],
    });
  });

  test('reads every field, a byte order mark before them', () => {
    const line = {
      id: 7,
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'What is 1 + 1?' },
      ],
      reference: '2',
      category: 'sums',
      checker: { kind: 'numeric', value: 2 },
    };
    expect(readPrompts(`\uFEFF${JSON.stringify(line)}`)).toEqual({
      kind: 'ok',
      prompts: [{ ...line, id: '7', line: 1, checker: { kind: 'numeric', value: 2, tolerance: 0 } }],
    });
  });

  test.each([
    ['no lines at all', '\n \n', 'prompts must be 1 to 10000 lines of JSON: found 0'],
    ['no JSON', '{"prompt": ', 'line 1: line must be a JSON object: found "no JSON"'],
    ['a list', '[1]', 'line 1: line must be a JSON object: found a list of 1'],
    [
      'a field that nobody knows',
      '{"prompt": "a", "promt": "b"}',
      'line 1: promt must be no such field, but id, prompt, messages, reference, category, checker: found "b"',
    ],
    ['neither prompt nor messages', '{}', 'or messages in its place: found nothing'],
    [
      'both',
      '{"prompt": "a", "messages": [{"role": "user", "content": "b"}]}',
      'line 1: messages must be nothing beside prompt: found a list of 1',
    ],
    ['a prompt of blanks', '{"prompt": "  "}', 'line 1: prompt must be a text of 1 to 100000 characters'],
    ['no messages', '{"messages": []}', 'line 1: messages must be a list of 1 to 100: found an empty list'],
    [
      'a role that nobody has',
      '{"messages": [{"role": "tool", "content": "b"}, {"role": "user", "content": "b"}]}',
      'line 1: messages.0.role must be system, user, assistant: found "tool"',
    ],
    [
      'an assistant last',
      '{"messages": [{"role": "assistant", "content": "b"}]}',
      'line 1: messages.0.role must be user, in the last message: found "assistant"',
    ],
    ['an empty id', '{"id": "", "prompt": "a"}', 'line 1: id must be a text of 1 to 128 characters'],
    [
      'an id twice',
      '{"id": "a", "prompt": "a"}\n{"id": "a", "prompt": "b"}',
      'line 2: id must be an id of its own: line 1 has it, too: found "a"',
    ],
    [
      'an id that is the number of another line',
      '{"prompt": "a"}\n{"id": 1, "prompt": "b"}',
      'line 2: id must be an id of its own: line 1 has it, too: found "1"',
    ],
    [
      'a checker of no kind',
      '{"prompt": "a", "checker": {"kind": "vibes"}}',
      'line 1: checker.kind must be exact, regex, numeric, jsonSchema: found "vibes"',
    ],
    [
      'a pattern that is none',
      '{"prompt": "a", "checker": {"kind": "regex", "pattern": "("}}',
      'line 1: checker.pattern must be a regular expression',
    ],
    [
      'a field of another kind of checker',
      '{"prompt": "a", "checker": {"kind": "exact", "value": "a", "tolerance": 1}}',
      'line 1: checker.tolerance must be no such field, but kind, value, ignoreCase: found 1',
    ],
    [
      'a tolerance below 0',
      '{"prompt": "a", "checker": {"kind": "numeric", "value": 1, "tolerance": -1}}',
      'line 1: checker.tolerance must be a number, at least 0: found -1',
    ],
    [
      'a schema that is a text',
      '{"prompt": "a", "checker": {"kind": "jsonSchema", "schema": "object"}}',
      'line 1: checker.schema must be a JSON Schema: found "object"',
    ],
  ])('refuses %s', (_name, text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(problem)]);
  });

  test('tells all problems of all lines', () => {
    const problems = problemsOf('{"prompt": 1, "category": ""}\n{"prompt": "a"}\n{"checker": 1}');
    expect(problems.map((it) => it.split(' must ')[0])).toEqual([
      'line 1: prompt',
      'line 1: category',
      'line 3: prompt',
      'line 3: checker',
    ]);
  });

  test('a prompt that is too long is named by its length, not quoted', () => {
    const [problem] = problemsOf(JSON.stringify({ prompt: 'x'.repeat(promptLimits.text + 1) }));
    expect(problem).toContain('(100003 characters)');
    expect(problem?.length).toBeLessThan(200);
  });

  test('a set that is too large is refused', () => {
    const reading = read(...Array.from({ length: promptLimits.prompts + 1 }, () => ({ prompt: 'a' })));
    expect(reading).toMatchObject({ kind: 'refused', problems: [{ line: null, found: '10001' }] });
  });
});
