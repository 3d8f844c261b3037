import path from 'node:path';
import { stringify } from 'yaml';
import { toolFile } from '../../tools/toolbox.ts';
import { kubeconfigOf } from '../certificates.ts';
import type { Context, Part } from '../part.ts';
import { conditionProbe } from './kubectl-probe.ts';
import { ports } from '../settings.ts';

/** Where Envoy tells its counters; Prometheus scrapes it. */
export const envoyStatsPort = 8002;
const contourPort = 8000;
const xdsPort = 8001;

const config = (context: Context, file: string) => path.join(context.paths.config, file);
const manifests = path.resolve(import.meta.dirname, '../manifests');

/** The Gateway API: its definitions, Contour that reads them, and Envoy that carries the traffic. */
export const gateway: readonly Part[] = [
  {
    kind: 'manifests',
    name: 'gateway-api',
    about: 'The definitions of Gateway, HTTPRoute and Contour’s own kinds.',
    needs: ['kube-apiserver'],
    manifests: ({ toolbox }) => [
      toolFile(toolbox, 'contour', 'standard'),
      toolFile(toolbox, 'contour', '01-crds.yaml'),
      path.join(manifests, 'contour.yaml'),
      toolFile(toolbox, 'contour', '02-role-contour.yaml'),
    ],
    health: (context) =>
      conditionProbe(
        context,
        'Established',
        'crd/httproutes.gateway.networking.k8s.io',
        'crd/httpproxies.projectcontour.io',
      ),
  },
  {
    kind: 'process',
    name: 'contour',
    about: 'Turns Gateways and HTTPRoutes into configuration for Envoy.',
    needs: ['gateway-api'],
    files: () => ({
      'contour.yaml': stringify({ gateway: { gatewayRef: { namespace: 'gateway', name: 'gateway' } } }),
    }),
    command: (context) => [
      ...['contour', 'serve', '--insecure', '--disable-leader-election'],
      `--kubeconfig=${kubeconfigOf(context.settings, 'contour')}`,
      `--config-path=${config(context, 'contour.yaml')}`,
      ...['--xds-address=127.0.0.1', `--xds-port=${xdsPort}`],
      ...['--http-address=0.0.0.0', `--http-port=${contourPort}`],
      ...['--envoy-service-http-address=0.0.0.0', `--envoy-service-http-port=${ports.gateway}`],
      ...['--stats-address=0.0.0.0', `--stats-port=${envoyStatsPort}`],
      // Kinds of the experimental channel, whose definitions are not installed.
      ...['tlsroutes', 'tcproutes', 'backendtlspolicies'].map((kind) => `--disable-feature=${kind}`),
    ],
    health: ({ settings }) => ({
      kind: 'http',
      url: `http://${settings.nodeAddress}:${contourPort}/healthz`,
    }),
  },
  {
    kind: 'process',
    name: 'envoy',
    about: 'The gateway: every request of a user passes it.',
    needs: ['contour'],
    command: (context) => ['sh', '-ec', envoyScript(config(context, 'envoy.json'))],
    health: ({ settings }) => ({
      kind: 'http',
      url: `http://${settings.nodeAddress}:${envoyStatsPort}/ready`,
    }),
    addresses: ({ settings }) => ({
      Gateway: `http://${settings.nodeAddress}:${ports.gateway}`,
      'Envoy counters': `http://${settings.nodeAddress}:${envoyStatsPort}/stats/prometheus`,
    }),
  },
  {
    kind: 'manifests',
    name: 'gateway',
    about: 'The Gateway that HTTPRoutes name as their parent: gateway/gateway.',
    needs: ['envoy'],
    manifests: () => [path.join(manifests, 'gateway.yaml')],
    health: (context) => conditionProbe(context, 'Programmed', '--namespace=gateway', 'gateway/gateway'),
  },
];

/** Contour writes Envoy's bootstrap; it knows best where Envoy finds it. */
function envoyScript(bootstrap: string): string {
  const write = `contour bootstrap --xds-address=127.0.0.1 --xds-port=${xdsPort} --xds-resource-version=v3`;
  const admin = '--admin-address=/run/envoy-admin.sock';
  // Envoy makes its worker threads by the machine's cores; two are plenty for one node.
  const run = `exec envoy --config-path ${bootstrap} --service-cluster gateway --service-node gateway`;
  return `${write} ${admin} ${bootstrap}\n${run} --concurrency 2 --log-level warning --use-dynamic-base-id`;
}
