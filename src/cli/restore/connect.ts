import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { openKubernetesApi } from '../../adapters/kubernetes-api/api.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';
import type { RestoreCluster } from './cluster.ts';
import { KubernetesCluster } from './kubernetes-cluster.ts';
import { kubeconfigHint } from './problems.ts';

/**
 * Opens the cluster that the environment names: the files of KUBECONFIG, else the pod's own account, else
 * ~/.kube/config. No request is made yet.
 * @param context instead of the kubeconfig's current one.
 * @throws CliProblem when there is no kubeconfig that can be read, or no such context in it.
 */
export function openCluster(env: NodeJS.ProcessEnv, context: string | undefined): RestoreCluster {
  const config = new KubeConfig();
  const from = load(config, env);
  if (context !== undefined) choose(config, context, from);
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw problem(
      `Cannot tell which cluster is meant: ${from} must have a current context with a cluster; ` +
        `found ${config.getCurrentContext() || 'none'}`,
    );
  }
  return new KubernetesCluster(
    openKubernetesApi(config),
    `context ${config.getCurrentContext()}, ${cluster.server}`,
  );
}

/** @returns where it was loaded from, for people. */
function load(config: KubeConfig, env: NodeJS.ProcessEnv): string {
  const named = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  if (named.length === 0 && env['KUBERNETES_SERVICE_HOST'] !== undefined) {
    const account = 'the pod’s service account';
    reading(account, () => {
      config.loadFromCluster();
    });
    return account;
  }
  const [first = '', ...others] =
    named.length > 0 ? named : [path.join(env['HOME'] ?? '', '.kube', 'config')];
  reading(first, () => {
    config.loadFromFile(first);
  });
  for (const file of others) {
    reading(file, () => {
      const more = new KubeConfig();
      more.loadFromFile(file);
      config.mergeConfig(more, true);
    });
  }
  return [first, ...others].join(path.delimiter);
}

function reading(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw problem(`Cannot read from ${what} how to connect to Kubernetes: ${firstLine(error)}`);
  }
}

/** What follows it quotes the file, and its tokens with it (S12). */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}

function choose(config: KubeConfig, context: string, from: string): void {
  const names = config.getContexts().map(({ name }) => name);
  if (!names.includes(context)) {
    throw new CliProblem(
      exitCodes.badInput,
      `--context must be a context of ${from}: found ${context}, allowed ${names.join(', ')}`,
    );
  }
  config.setCurrentContext(context);
}

function problem(message: string): CliProblem {
  return new CliProblem(exitCodes.unexpected, message, kubeconfigHint);
}
