import path from 'node:path';
import { stringify } from 'yaml';
import { kubeconfigOf } from '../certificates.ts';
import type { Context, Part } from '../part.ts';
import { ports } from '../settings.ts';
import { envoyStatsPort } from './gateway.ts';

const targetsFile = (context: Context) => path.join(context.paths.data, 'pod-discovery', 'targets.json');
const discoveryProgram = path.resolve(import.meta.dirname, '../../pod-discovery/main.ts');

const podDiscovery: Part = {
  kind: 'process',
  name: 'pod-discovery',
  about: 'Tells Prometheus which pods carry the annotation prometheus.io/scrape.',
  needs: ['access'],
  command: (context) => [
    ...[process.execPath, discoveryProgram],
    ...[kubeconfigOf(context.settings, 'prometheus'), targetsFile(context)],
  ],
  health: (context) => ({ kind: 'command', argv: ['test', '-s', targetsFile(context)], inBox: false }),
};

const prometheus: Part = {
  kind: 'process',
  name: 'prometheus',
  about: 'Scrapes pods with the usual annotations, and Envoy, every second.',
  needs: ['pod-discovery'],
  files: (context) => ({ 'prometheus.yaml': stringify(prometheusConfig(context)) }),
  command: (context) => [
    'prometheus',
    `--config.file=${path.join(context.paths.config, 'prometheus.yaml')}`,
    `--storage.tsdb.path=${path.join(context.paths.data, 'prometheus')}`,
    '--storage.tsdb.retention.time=7d',
    `--web.listen-address=0.0.0.0:${ports.prometheus}`,
    '--web.enable-lifecycle',
  ],
  health: ({ settings }) => ({
    kind: 'http',
    url: `http://${settings.nodeAddress}:${ports.prometheus}/-/ready`,
  }),
  addresses: ({ settings }) => ({ Prometheus: `http://${settings.nodeAddress}:${ports.prometheus}` }),
};

function prometheusConfig(context: Context) {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    scrape_configs: [
      {
        job_name: 'envoy',
        metrics_path: '/stats/prometheus',
        static_configs: [{ targets: [`127.0.0.1:${envoyStatsPort}`] }],
      },
      {
        job_name: 'kubernetes-pods',
        file_sd_configs: [{ files: [targetsFile(context)] }],
        relabel_configs: podRelabelling,
      },
    ],
  };
}

const annotation = (name: string) => `__meta_kubernetes_pod_annotation_prometheus_io_${name}`;

/** The convention of prometheus.io/scrape, port, path and scheme, with the pod's own labels kept. */
const podRelabelling = [
  { source_labels: [annotation('scrape')], action: 'keep', regex: 'true' },
  // Pods that ended keep their address for a while, which may then be another pod's.
  {
    source_labels: ['__meta_kubernetes_pod_phase'],
    action: 'drop',
    regex: 'Pending|Succeeded|Failed|Completed',
  },
  { source_labels: [annotation('scheme')], action: 'replace', target_label: '__scheme__', regex: '(https?)' },
  { source_labels: [annotation('path')], action: 'replace', target_label: '__metrics_path__', regex: '(.+)' },
  {
    source_labels: ['__meta_kubernetes_pod_ip', annotation('port')],
    action: 'replace',
    target_label: '__address__',
    regex: '(.+);(\\d+)',
    replacement: '$1:$2',
  },
  { action: 'labelmap', regex: '__meta_kubernetes_pod_label_(.+)' },
  { source_labels: ['__meta_kubernetes_namespace'], action: 'replace', target_label: 'namespace' },
  { source_labels: ['__meta_kubernetes_pod_name'], action: 'replace', target_label: 'pod' },
];

/** Prometheus, which finds pods by their annotations and scrapes every second. */
export const metrics: readonly Part[] = [podDiscovery, prometheus];
