import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { speak } from '../support/cli-fakes.ts';
import { CliProcess } from '../support/cli-process.ts';

const repository = path.resolve(import.meta.dirname, '../..');

test.each([['--version'], ['-V']])(
  '%s prints the version of package.json, and nothing else',
  async (flag) => {
    const { version } = JSON.parse(await readFile(path.join(repository, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await speak([flag])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  },
);

test('worker takes no arguments', async () => {
  const { code, err } = await speak(['worker', 'x']);
  expect(err).toContain('too many arguments');
  expect(code).toBe(2);
});

test('worker with wrong settings ends with 2, as the worker’s own program does', async () => {
  const env = { ...process.env, SLUICE_LOG_LEVEL: 'loud', KUBECONFIG: '/nowhere' };
  const { code, out, err } = await new CliProcess(['worker'], env).exit();
  expect(out).toBe('');
  expect(err).toContain(
    'sluice worker: SLUICE_LOG_LEVEL must be trace, debug, info, warn, error: found loud',
  );
  expect(err).toContain('sluice worker: KUBECONFIG must be');
  expect(code).toBe(2);
}, 60_000);

test('worker ends with 0 on SIGTERM, here while Temporal is away', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-cli-worker-'));
  const KUBECONFIG = path.join(folder, 'config');
  await writeFile(
    KUBECONFIG,
    JSON.stringify({
      'current-context': 'gone',
      contexts: [{ name: 'gone', context: { cluster: 'gone', user: 'gone' } }],
      clusters: [{ name: 'gone', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'gone', user: {} }],
    }),
  );
  const away = { TEMPORAL_ADDRESS: '127.0.0.1:1', TEMPORAL_CONFIG_FILE: path.join(folder, 'none.toml') };
  const worker = new CliProcess(['worker'], {
    ...process.env,
    ...{ KUBECONFIG, SLUICE_HTTP_ADDRESS: '127.0.0.1:0' },
    ...away,
  });
  await worker.printed('Temporal does not answer; trying on');
  worker.kill('SIGTERM');
  expect(await worker.exit()).toMatchObject({ code: 0, err: '' });
  await rm(folder, { recursive: true });
}, 60_000);
