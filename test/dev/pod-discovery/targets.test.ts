import { describe, expect, test } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { targetsOf } from '../../../dev/pod-discovery/targets.ts';

const pod = (name: string, more: Partial<V1Pod> = {}): V1Pod => ({
  metadata: {
    name,
    namespace: 'llm',
    uid: `uid-${name}`,
    labels: { app: 'vllm', 'app.kubernetes.io/name': 'x' },
    annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8000' },
  },
  spec: { nodeName: 'node', containers: [] },
  status: { phase: 'Running', podIP: '198.18.1.7', conditions: [{ type: 'Ready', status: 'True' }] },
  ...more,
});

describe('targetsOf', () => {
  test('gives the labels that Prometheus’ own discovery gives', () => {
    expect(targetsOf([pod('a')])).toEqual([
      {
        targets: ['198.18.1.7'],
        labels: {
          __meta_kubernetes_namespace: 'llm',
          __meta_kubernetes_pod_name: 'a',
          __meta_kubernetes_pod_uid: 'uid-a',
          __meta_kubernetes_pod_ip: '198.18.1.7',
          __meta_kubernetes_pod_node_name: 'node',
          __meta_kubernetes_pod_phase: 'Running',
          __meta_kubernetes_pod_ready: 'true',
          __meta_kubernetes_pod_label_app: 'vllm',
          __meta_kubernetes_pod_label_app_kubernetes_io_name: 'x',
          __meta_kubernetes_pod_annotation_prometheus_io_scrape: 'true',
          __meta_kubernetes_pod_annotation_prometheus_io_port: '8000',
        },
      },
    ]);
  });

  test('leaves out pods without the annotation and pods without an address', () => {
    const unasked = pod('unasked', {
      metadata: { name: 'unasked', annotations: { 'prometheus.io/scrape': 'false' } },
    });
    const starting = pod('starting', { status: { phase: 'Pending' } });
    expect(targetsOf([unasked, starting])).toEqual([]);
  });

  test('has one order whatever the order of the pods: an unchanged list is an unchanged file', () => {
    expect(targetsOf([pod('b'), pod('a')])).toEqual(targetsOf([pod('a'), pod('b')]));
  });
});
