import { statSync } from 'node:fs';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { readAlertSettings, type AlertSettings } from './alerts/settings.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What a worker needs to know before it starts. */
export interface WorkerConfig {
  /** TEMPORAL_* and profiles, as in the Temporal CLI. */
  readonly temporal: ClientConnectConfig;
  /** SLUICE_TASK_QUEUE @default 'sluice' */
  readonly taskQueue: string;
  /** SLUICE_HTTP_ADDRESS: health and metrics; port 0 takes any. @default 127.0.0.1:9400 */
  readonly http: { readonly host: string; readonly port: number };
  /**
   * SLUICE_SHUTDOWN_GRACE: how long activities may go on after SIGTERM. Guards never end by themselves: a worker that
   * watches a rollout always takes this long. @default 5 s
   */
  readonly shutdownGraceMs: number;
  /** SLUICE_LOG_LEVEL @default 'info' */
  readonly logLevel: LogLevel;
  /** SLUICE_WEBHOOK_TOKEN or SLUICE_WEBHOOK_TOKEN_FILE, and SLUICE_ALERT_ACTION; null without a token. */
  readonly alerts: AlertSettings | null;
  /** SLUICE_WORKFLOW_BUNDLE: a file that bundle.ts wrote, as in the image. @default null: bundled at the start */
  readonly workflowBundle: string | null;
  /** SLUICE_VALUES_DIR: a folder whose files plans may take values from. @default null: no file is read */
  readonly valuesDir: string | null;
  /** KUBECONFIG, or the pod's own account. */
  readonly kubernetes: KubeConfig;
}

export interface ConfigProblem {
  readonly variable: string;
  readonly found: string;
  readonly allowed: string;
}

export type ConfigReading =
  | { readonly kind: 'ok'; readonly config: WorkerConfig }
  /** All of them; at least one. */
  | { readonly kind: 'refused'; readonly problems: readonly ConfigProblem[] };

/** Reads the environment, and the files that it names. */
export function readConfig(env: NodeJS.ProcessEnv): ConfigReading {
  const problems: ConfigProblem[] = [];
  /** What stands in for a refused value is never used: there is a problem then. */
  const read = <T>(variable: string, standard: T, parse: (text: string) => T | null, allowed: string): T => {
    const text = env[variable];
    if (text === undefined || text === '') return standard;
    const value = parse(text);
    if (value === null) problems.push({ variable, found: text, allowed });
    return value ?? standard;
  };
  const config: WorkerConfig = {
    temporal: readTemporal(env, problems),
    taskQueue: read('SLUICE_TASK_QUEUE', 'sluice', parseTaskQueue, 'a name without blanks'),
    http: read(
      'SLUICE_HTTP_ADDRESS',
      { host: '127.0.0.1', port: 9400 },
      parseAddress,
      'host:port, such as 0.0.0.0:9400',
    ),
    shutdownGraceMs: read(
      'SLUICE_SHUTDOWN_GRACE',
      5000,
      parseGrace,
      'a time such as 500ms, 5s or 1m, at most 10m',
    ),
    logLevel: read('SLUICE_LOG_LEVEL', 'info', parseLevel, logLevels.join(', ')),
    alerts: readAlertSettings(env, (variable, found, allowed) => {
      problems.push({ variable, found, allowed });
    }),
    workflowBundle: read<string | null>(
      'SLUICE_WORKFLOW_BUNDLE',
      null,
      parseFile,
      'a file that node src/worker/bundle.ts wrote, or unset',
    ),
    valuesDir: read<string | null>('SLUICE_VALUES_DIR', null, parseFolder, 'a folder, or unset'),
    kubernetes: readKubernetes(env, problems),
  };
  return problems.length === 0 ? { kind: 'ok', config } : { kind: 'refused', problems };
}

/** `SLUICE_LOG_LEVEL must be trace, debug, info, warn, error: found loud` */
export function renderConfigProblem({ variable, found, allowed }: ConfigProblem): string {
  return `${variable} must be ${allowed}: found ${found}`;
}

function readTemporal(env: NodeJS.ProcessEnv, problems: ConfigProblem[]): ClientConnectConfig {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  try {
    return loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(entries) });
  } catch (error) {
    const allowed = 'settings that the Temporal CLI can read (address, TLS, key, profile)';
    problems.push({ variable: 'TEMPORAL_*', found: sentenceOf(error), allowed });
    return { connectionOptions: {} };
  }
}

function readKubernetes(env: NodeJS.ProcessEnv, problems: ConfigProblem[]): KubeConfig {
  const config = new KubeConfig();
  try {
    loadKubeConfig(config, env);
    if (config.getCurrentCluster() === null) throw new Error('no current context with a cluster');
  } catch (error) {
    const allowed = 'a readable kubeconfig, or unset in a pod with a service account';
    problems.push({ variable: 'KUBECONFIG', found: sentenceOf(error), allowed });
  }
  return config;
}

/** The files that KUBECONFIG lists, else the pod's account, else the person's own file. */
function loadKubeConfig(config: KubeConfig, env: NodeJS.ProcessEnv): void {
  const [first, ...others] = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  if (first !== undefined) {
    config.loadFromFile(first);
    for (const file of others) {
      const more = new KubeConfig();
      more.loadFromFile(file);
      config.mergeConfig(more, true);
    }
  } else if (env['KUBERNETES_SERVICE_HOST'] !== undefined) config.loadFromCluster();
  else config.loadFromFile(path.join(env['HOME'] ?? '', '.kube', 'config'));
}

function parseTaskQueue(text: string): string | null {
  return /^\S{1,200}$/.test(text) ? text : null;
}

function parseAddress(text: string): WorkerConfig['http'] | null {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host === undefined || port > 65_535 ? null : { host, port };
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const longestGraceMs = 600_000;

function parseGrace(text: string): number | null {
  const [, amount, unit = ''] = /^(\d{1,6})(ms|s|m)$/.exec(text) ?? [];
  const ms = Number(amount) * (unitMs[unit] ?? NaN);
  return ms <= longestGraceMs ? ms : null;
}

function parseFile(text: string): string | null {
  return statSync(text, { throwIfNoEntry: false })?.isFile() ? text : null;
}

function parseFolder(text: string): string | null {
  return statSync(text, { throwIfNoEntry: false })?.isDirectory() ? text : null;
}

function parseLevel(text: string): LogLevel | null {
  return logLevels.find((level) => level === text) ?? null;
}

/** The first line: what follows quotes the file, and its tokens with it (S12). */
function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}
