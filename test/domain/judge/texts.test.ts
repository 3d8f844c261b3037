import { describe, expect, test } from '@jest/globals';
import { sameFamily } from '../../../src/domain/judge/family.ts';
import { redact } from '../../../src/domain/judge/redact.ts';
import { spoil } from '../../../src/domain/judge/spoil.ts';

describe('spoil', () => {
  test.each([
    ['a sentence', 'The capital of Portugal is Lisbon.'],
    ['lines', 'First this.\nThen that one.\n\n- and a list'],
    ['a number', '42'],
    ['one word', 'Lisbon'],
  ])('%s becomes another text of the same length', (_name, answer) => {
    const spoilt = spoil(answer);
    expect(spoilt).toHaveLength(answer.length);
    expect(spoilt.split('\n').map((it) => it.length)).toEqual(answer.split('\n').map((it) => it.length));
    expect(spoil(answer)).toBe(spoilt);
    const words = answer.match(/\w{2,}/g) ?? [];
    for (const word of words) expect(spoilt.split(/\W+/)).not.toContain(word);
  });

  test.each(['', '?', 'a', 'aba'])('of %p something is left to see', (answer) => {
    expect(spoil(answer)).not.toBe(answer);
  });
});

describe('sameFamily', () => {
  test.each<[string, string, boolean]>([
    ['Qwen/Qwen2.5-72B-Instruct', 'qwen3-8b', true],
    ['QwQ-32B', 'Qwen/Qwen3-30B-A3B', true],
    ['meta-llama/Llama-3.1-8B', 'llama3:70b', true],
    ['gpt-5-mini', 'gpt-4o-2024-08-06', true],
    ['o3-mini', 'openai/gpt-oss-120b', true],
    ['mistralai/Mixtral-8x7B', 'ministral-3b', true],
    ['google/gemma-2-9b', 'gemini-2.5-pro', true],
    ['deepseek-ai/DeepSeek-R1-Distill-Llama-70B', 'meta-llama/Llama-3.1-8B', true],
    ['deepseek-ai/DeepSeek-R1-Distill-Llama-70B', 'deepseek-v3', true],
    ['org-a/our-model', 'org-b/our-model', true],
    ['gpt-5-mini', 'meta-llama/Llama-3.1-8B', false],
    ['claude-sonnet-5', 'qwen3-8b', false],
    ['phi-4', 'philosopher-7b', false],
    ['command-r', 'commander', false],
    ['our-model', 'their-model', false],
  ])('%s and %s: %p', (one, other, related) => {
    expect(sameFamily(one, ['unlike-any', other])).toBe(related);
    expect(sameFamily(other, [one])).toBe(related);
  });
});

describe('redact', () => {
  test.each([
    ['an e-mail address', 'Ask anna.b+x@mail.example.co.uk.', 'Ask [email].'],
    ['a number from abroad', 'Call +49 (0) 30 901820-0 now', 'Call [phone] now'],
    ['a number without blanks', 'Call 004930901820 now', 'Call [phone] now'],
    ['a number at home', 'Call 030 9018 2010 now', 'Call [phone] now'],
    ['a US number', 'Call (555) 123-4567 now', 'Call [phone] now'],
    ['a key', 'key sk-proj-abcdefghijklmnop1234 here', 'key [secret] here'],
    ['a GitHub token', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789', '[secret]'],
    ['an AWS key', 'AKIAIOSFODNN7EXAMPLE', '[secret]'],
    ['a header', 'Authorization: Bearer abc.def-123456', 'Authorization: Bearer [secret]'],
    ['a password', 'password=hunter22; user=anna', 'password=[secret]; user=anna'],
    ['an assignment in JSON', '{"api_key": "0123abcd"}', '{"api_key": "[secret]"}'],
    ['a password in an address', 'postgres://anna:geheim@db/x', 'postgres://[secret]@db/x'],
    ['a web token', 'eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.abcDEF-_123', '[secret]'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----!', '[secret]!'],
    ['a card', 'Card 4111 1111 1111 1111, please', 'Card [card], please'],
    ['an address of a machine', 'from 192.168.0.17:80', 'from [ip]:80'],
    ['another one', 'from 2001:db8::1 and 2001:0db8:85a3:0:0:8a2e:370:7334', 'from [ip] and [ip]'],
    ['several', 'a@b.example or 10.0.0.1', '[email] or [ip]'],
  ])('masks %s', (_name, text, masked) => {
    expect(redact(text)).toBe(masked);
    expect(redact(masked)).toBe(masked);
  });

  test.each([
    'What is 1003 - 17? 17 + 25 = 42.',
    'On 2026-11-22 at 14:33:10, 1,234,567.89 were paid.',
    'Version 1.2.3 of node v24.1.0, port 8080.',
    'The order 4111111111111112 is no card: its checksum is wrong.',
    'a ratio of 3:4, std::vector, 10:15:30',
    'Explain tokens and secrets, and what a password is for.',
    'pneumonoultramicroscopicsilicovolcanoconiosis',
  ])('leaves %p as it is', (text) => {
    expect(redact(text)).toBe(text);
  });
});
