import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../../dev/standin/settings.ts';

describe('readSettings', () => {
  test('an empty environment is all defaults', () => {
    expect(readSettings({})).toMatchObject({
      kind: 'ok',
      settings: {
        options: { host: '0.0.0.0', port: 8000, adminPort: 8001, behaviour: { seed: 1, startupDelayMs: 0 } },
        drainTimeoutMs: 30_000,
      },
    });
  });

  test('every variable is read, and BEHAVIOUR wins over SEED', () => {
    const read = readSettings({
      HOST: '::1',
      PORT: '1',
      ADMIN_PORT: '2',
      ARM: 'canary',
      POD_NAME: 'p',
      MODEL_NAME: 'm',
      VLLM_VERSION: '0.33.0',
      SEED: '5',
      STARTUP_DELAY_MS: '6',
      DRAIN_TIMEOUT_MS: '7',
      BEHAVIOUR: '{"seed": 8, "ttft": {"medianMs": 9}}',
    });
    const identity = { arm: 'canary', pod: 'p', model: 'm', version: '0.33.0' };
    const behaviour = { seed: 8, startupDelayMs: 6, ttft: { medianMs: 9, p99Ms: 60 } };
    expect(read).toMatchObject({
      settings: {
        drainTimeoutMs: 7,
        options: { host: '::1', port: 1, adminPort: 2, ...identity, behaviour },
      },
    });
  });

  test('an empty variable counts as absent', () => {
    expect(readSettings({ PORT: '', ARM: '', BEHAVIOUR: '' })).toMatchObject({
      settings: { options: { port: 8000, behaviour: { seed: 1 } } },
    });
  });

  test.each([
    [{ PORT: 'http' }, 'PORT must be a whole number from 0 to 65535, found "http"'],
    [{ DRAIN_TIMEOUT_MS: '-1' }, 'DRAIN_TIMEOUT_MS must be a whole number from 0 to 3600000, found "-1"'],
    [{ BEHAVIOUR: '{' }, 'BEHAVIOUR must be JSON: SyntaxError'],
    [{ BEHAVIOUR: '{"ready": 1}' }, 'BEHAVIOUR: behaviour.ready must be true or false, found 1'],
  ])('%j is refused', (environment, problem) => {
    expect(readSettings(environment)).toEqual({
      kind: 'refused',
      problems: [expect.stringContaining(problem)],
    });
  });
});
