import { describe, expect, test } from '@jest/globals';
import { type LoadOptions, LoadOptionsError, resolveLoadOptions } from '../../../dev/load/options.ts';

const url = 'http://127.0.0.1:8000';

describe('resolveLoadOptions', () => {
  test.each([
    { base: url, path: '/v1/chat/completions', endpoint: `${url}/v1/chat/completions` },
    { base: `${url}/`, path: '/v1/chat/completions', endpoint: `${url}/v1/chat/completions` },
    { base: `${url}/team/a/`, path: '/chat?x=1', endpoint: `${url}/team/a/chat?x=1` },
  ])('$base and $path make $endpoint', ({ base, path, endpoint }) => {
    expect(resolveLoadOptions({ url: base, path }).endpoint.href).toBe(endpoint);
  });

  test.each<Partial<LoadOptions>>([
    { ratePerSecond: 0.001 },
    { ratePerSecond: 10_000 },
    { streamShare: 0 },
    { streamShare: 1 },
    { durationMs: Infinity },
    { headers: { host: 'chat.example', authorization: 'Bearer x' } },
  ])('accepts %j', (option) => {
    expect(resolveLoadOptions({ url, ...option })).toMatchObject(option);
  });

  test.each<{ wrong: Partial<LoadOptions>; found: string }>([
    { wrong: { url: 'localhost:8000' }, found: 'url must be an http or https address' },
    { wrong: { url: 'http://user:secret@host' }, found: 'url must be' },
    { wrong: { url: 'http://host?a=b' }, found: 'url must be' },
    { wrong: { path: 'v1' }, found: 'path must be a path that starts with one /: found "v1"' },
    { wrong: { path: '//host' }, found: 'path must be' },
    { wrong: { ratePerSecond: 0 }, found: 'ratePerSecond must be a number from 0.001 to 10000: found 0' },
    { wrong: { ratePerSecond: NaN }, found: 'found NaN' },
    { wrong: { ratePerSecond: 10_001 }, found: 'found 10001' },
    { wrong: { durationMs: 0 }, found: 'durationMs must be a time of more than 0 ms: found 0' },
    { wrong: { streamShare: 1.1 }, found: 'streamShare must be a number from 0 to 1: found 1.1' },
    { wrong: { model: '' }, found: 'model must be a name: found ""' },
    { wrong: { maxTokens: 1.5 }, found: 'maxTokens must be a whole number, at least 1: found 1.5' },
    { wrong: { timeoutMs: 0 }, found: 'timeoutMs must be a time from 1 to 3600000 ms: found 0' },
    { wrong: { armHeader: 'x arm' }, found: 'armHeader must be a header name: found "x arm"' },
    { wrong: { seed: 0.5 }, found: 'seed must be a whole number: found 0.5' },
    { wrong: { headers: { 'Content-Length': '3' } }, found: 'found Content-Length' },
    { wrong: { headers: { 'x-a': 'b\nc' } }, found: 'found x-a' },
  ])('refuses $wrong', ({ wrong, found }) => {
    expect(() => resolveLoadOptions({ url, ...wrong })).toThrow(found);
  });

  test('tells all problems at once', () => {
    const options = { url, ratePerSecond: 0, streamShare: 2 };
    expect(() => resolveLoadOptions(options)).toThrow(LoadOptionsError);
    expect(() => resolveLoadOptions(options)).toThrow(/ratePerSecond.*\n.*streamShare/);
  });

  test('does not repeat header values, which may be secret', () => {
    const headers = { authorization: 'Bearer secret', expect: '100-continue' };
    expect(() => resolveLoadOptions({ url, headers })).not.toThrow(/secret/);
    expect(() => resolveLoadOptions({ url, headers })).toThrow(LoadOptionsError);
  });
});
