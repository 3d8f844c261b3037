import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig, renderConfigProblem, type WorkerConfig } from '../../src/worker/config.ts';

const kubeconfig = (name: string, context = name) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name, cluster: { server: `https://${name}:6443` } }],
    users: [{ name, user: { token: 'not-in-any-log' } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-config-'));
  file = path.join(folder, 'one.json');
  await writeFile(file, kubeconfig('one'));
  await writeFile(path.join(folder, 'two.json'), kubeconfig('two'));
  await writeFile(path.join(folder, 'lost.json'), kubeconfig('lost', 'absent'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The environment of a test; TEMPORAL_CONFIG_FILE keeps the machine's own profiles out. */
const environment = (env: NodeJS.ProcessEnv) => ({
  KUBECONFIG: file,
  TEMPORAL_CONFIG_FILE: path.join(folder, 'none.toml'),
  ...env,
});

function configOf(env: NodeJS.ProcessEnv = {}): WorkerConfig {
  const reading = readConfig(environment(env));
  if (reading.kind === 'refused') throw new Error(reading.problems.map(renderConfigProblem).join('; '));
  return reading.config;
}

function problemsOf(env: NodeJS.ProcessEnv): string[] {
  const reading = readConfig(environment(env));
  return reading.kind === 'refused' ? reading.problems.map(renderConfigProblem) : [];
}

describe('the worker’s configuration', () => {
  test('has a default for everything but the cluster', () => {
    expect(configOf()).toMatchObject({
      taskQueue: 'sluice',
      http: { host: '127.0.0.1', port: 9400 },
      shutdownGraceMs: 5000,
      logLevel: 'info',
      alerts: null,
      valuesDir: null,
    });
  });

  test.each<[NodeJS.ProcessEnv, object]>([
    [{ SLUICE_TASK_QUEUE: 'other' }, { taskQueue: 'other' }],
    [
      { SLUICE_WEBHOOK_TOKEN: 'a-token-of-the-tests', SLUICE_ALERT_ACTION: 'hold' },
      { alerts: { action: 'hold' } },
    ],
    [{ SLUICE_TASK_QUEUE: '' }, { taskQueue: 'sluice' }],
    [{ SLUICE_HTTP_ADDRESS: '0.0.0.0:80' }, { http: { host: '0.0.0.0', port: 80 } }],
    [{ SLUICE_HTTP_ADDRESS: '[::]:0' }, { http: { host: '::', port: 0 } }],
    [{ SLUICE_SHUTDOWN_GRACE: '250ms' }, { shutdownGraceMs: 250 }],
    [{ SLUICE_SHUTDOWN_GRACE: '2m' }, { shutdownGraceMs: 120_000 }],
    [{ SLUICE_LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
    [{}, { workflowBundle: null }],
    [{ SLUICE_WORKFLOW_BUNDLE: import.meta.filename }, { workflowBundle: import.meta.filename }],
    [{ SLUICE_VALUES_DIR: import.meta.dirname }, { valuesDir: import.meta.dirname }],
    [
      { TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_NAMESPACE: 'prod' },
      { temporal: { namespace: 'prod', connectionOptions: { address: 'temporal:7233' } } },
    ],
  ])('%o', (env, expected) => {
    expect(configOf(env)).toMatchObject(expected);
  });

  test.each<[NodeJS.ProcessEnv, string]>([
    [
      { SLUICE_WEBHOOK_TOKEN: 'short' },
      'SLUICE_WEBHOOK_TOKEN must be a token of 16 or more visible ASCII characters',
    ],
    [{ SLUICE_TASK_QUEUE: 'a b' }, 'SLUICE_TASK_QUEUE must be a name without blanks: found a b'],
    [
      { SLUICE_HTTP_ADDRESS: '9400' },
      'SLUICE_HTTP_ADDRESS must be host:port, such as 0.0.0.0:9400: found 9400',
    ],
    [{ SLUICE_HTTP_ADDRESS: 'a:70000' }, 'found a:70000'],
    [{ SLUICE_HTTP_ADDRESS: '::1:80' }, 'found ::1:80'],
    [
      { SLUICE_SHUTDOWN_GRACE: '5' },
      'SLUICE_SHUTDOWN_GRACE must be a time such as 500ms, 5s or 1m, at most 10m: found 5',
    ],
    [{ SLUICE_SHUTDOWN_GRACE: '11m' }, 'found 11m'],
    [{ SLUICE_LOG_LEVEL: 'loud' }, 'SLUICE_LOG_LEVEL must be trace, debug, info, warn, error: found loud'],
    [
      { SLUICE_WORKFLOW_BUNDLE: '/nowhere/bundle.js' },
      'SLUICE_WORKFLOW_BUNDLE must be a file that node src/worker/bundle.ts wrote, or unset: found /nowhere/bundle.js',
    ],
    [{ SLUICE_WORKFLOW_BUNDLE: '/' }, 'found /'],
    [{ SLUICE_VALUES_DIR: '/nowhere' }, 'SLUICE_VALUES_DIR must be a folder, or unset: found /nowhere'],
    [{ KUBECONFIG: '/nowhere/config' }, 'KUBECONFIG must be a readable kubeconfig'],
    [
      { TEMPORAL_TLS_CLIENT_CERT_PATH: '/nowhere/cert' },
      'TEMPORAL_* must be settings that the Temporal CLI can read',
    ],
  ])('%o is refused', (env, problem) => {
    expect(problemsOf(env)).toHaveLength(1);
    expect(problemsOf(env)[0]).toContain(problem);
  });

  test('tells all problems at once', () => {
    const problems = problemsOf({
      SLUICE_LOG_LEVEL: 'loud',
      SLUICE_HTTP_ADDRESS: 'x',
      KUBECONFIG: '/nowhere',
    });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'SLUICE_HTTP_ADDRESS',
      'SLUICE_LOG_LEVEL',
      'KUBECONFIG',
    ]);
  });

  test('a kubeconfig whose context is not there is refused', () => {
    expect(problemsOf({ KUBECONFIG: path.join(folder, 'lost.json') })[0]).toContain('no current context');
  });

  test('several kubeconfigs are one, the first one’s context counts', () => {
    const both = [file, path.join(folder, 'two.json')].join(path.delimiter);
    const { kubernetes } = configOf({ KUBECONFIG: both });
    expect(kubernetes.getCurrentCluster()?.server).toBe('https://one:6443');
    expect(kubernetes.getContexts().map(({ name }) => name)).toEqual(['one', 'two']);
  });

  test('a kubeconfig that is no YAML is refused without a word of it: tokens are in there', async () => {
    const spoilt = path.join(folder, 'spoilt.yaml');
    await writeFile(spoilt, 'users:\n- user: {token: s3cret-token\nclusters: []\n');
    const problems = problemsOf({ KUBECONFIG: spoilt });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('KUBECONFIG must be a readable kubeconfig');
    expect(problems[0]).not.toContain('s3cret');
  });
});
