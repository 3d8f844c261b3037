import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readAlertSettings } from '../../../src/worker/alerts/settings.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-alerts-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const token = 'a-token-of-the-tests';

function read(env: NodeJS.ProcessEnv) {
  const problems: string[] = [];
  const settings = readAlertSettings(env, (variable, found, allowed) => {
    problems.push(`${variable} must be ${allowed}: found ${found}`);
  });
  return { settings, problems };
}

async function fileWith(text: string): Promise<string> {
  const file = path.join(folder, 'token');
  await writeFile(file, text);
  return file;
}

describe('the settings of the alert webhook', () => {
  test('without a token there is none', () => {
    expect(read({})).toEqual({ settings: null, problems: [] });
    expect(read({ SLUICE_WEBHOOK_TOKEN: '', SLUICE_WEBHOOK_TOKEN_FILE: '' }).settings).toBeNull();
  });

  test('with a token alerts abort, if nothing else is said', () => {
    const { settings, problems } = read({ SLUICE_WEBHOOK_TOKEN: token });
    expect(problems).toEqual([]);
    expect([settings?.readToken(), settings?.action]).toEqual([token, 'abort']);
    expect(read({ SLUICE_WEBHOOK_TOKEN: token, SLUICE_ALERT_ACTION: 'hold' }).settings?.action).toBe('hold');
  });

  test('a file is read anew each time, without the newline at its end', async () => {
    const file = await fileWith(`${token}\n`);
    const { settings, problems } = read({ SLUICE_WEBHOOK_TOKEN_FILE: file });
    expect(problems).toEqual([]);
    expect(settings?.readToken()).toBe(token);
    await fileWith('the-next-token-of-the-tests');
    expect(settings?.readToken()).toBe('the-next-token-of-the-tests');
    // An empty token would let everybody in.
    await fileWith('\n');
    expect(() => settings?.readToken()).toThrow('a text of 0 characters');
  });

  test.each<[NodeJS.ProcessEnv, string]>([
    [
      { SLUICE_WEBHOOK_TOKEN: 'short-s3cret' },
      'SLUICE_WEBHOOK_TOKEN must be a token of 16 or more visible ASCII characters, no blanks: found a text of 12 characters',
    ],
    [{ SLUICE_WEBHOOK_TOKEN: `${token} s3cret` }, 'found a text of 27 characters'],
    [
      { SLUICE_WEBHOOK_TOKEN: `${token}-s3cret`, SLUICE_WEBHOOK_TOKEN_FILE: '/nowhere' },
      'SLUICE_WEBHOOK_TOKEN must be unset where SLUICE_WEBHOOK_TOKEN_FILE is set: found both',
    ],
    [
      { SLUICE_WEBHOOK_TOKEN_FILE: '/nowhere/token' },
      'SLUICE_WEBHOOK_TOKEN_FILE must be a readable file with a',
    ],
    [{ SLUICE_ALERT_ACTION: 'kill' }, 'SLUICE_ALERT_ACTION must be abort or hold: found kill'],
  ])('%o is refused, and the token is not shown', (env, problem) => {
    const { problems } = read(env);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems.join()).not.toContain('s3cret');
  });

  test('a file without a token is refused, and what is in it is not shown', async () => {
    const file = await fileWith('s3cret');
    const { problems } = read({ SLUICE_WEBHOOK_TOKEN_FILE: file });
    expect(problems).toEqual([expect.stringContaining(`${file} with a text of 6 characters`)]);
    expect(problems.join()).not.toContain('s3cret');
  });
});
