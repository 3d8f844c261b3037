import type https from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { Server } from './http-interceptor.ts';

/** The API server of a kubeconfig's current context, with the credentials of its user. */
export async function apiServerOf(config: KubeConfig): Promise<Server> {
  const url = config.getCurrentCluster()?.server;
  if (url === undefined) throw new Error('the kubeconfig has no current cluster');
  const tls: https.RequestOptions = {};
  await config.applyToHTTPSOptions(tls);
  return { url, tls };
}

/** A kubeconfig that leads to an interceptor in front of an API server. */
export function plainConfig(url: string): KubeConfig {
  const config = new KubeConfig();
  // client-node refuses plain http unless it is told to skip the verification of certificates.
  config.loadFromClusterAndUser(
    { name: 'interceptor', server: url, skipTLSVerify: true },
    { name: 'nobody' },
  );
  return config;
}
