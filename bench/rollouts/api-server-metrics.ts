import https from 'node:https';
import { text } from 'node:stream/consumers';
import type { KubeConfig } from '@kubernetes/client-node';

/** The API server's own metrics, in Prometheus' text format. */
export async function readApiServerMetrics(config: KubeConfig): Promise<string> {
  const options: https.RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const server = config.getCurrentCluster()?.server ?? '';
  return new Promise((resolve, reject) => {
    https
      .get(`${server}/metrics`, options, (response) => {
        text(response).then(resolve, reject);
      })
      .on('error', reject);
  });
}
