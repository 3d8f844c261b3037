import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import type { Release, Target } from '../../../src/domain/plan/plan.ts';

export const image = 'localhost/sluice/vllm-standin:1';

export function targetIn(namespace: string): Target {
  return {
    cluster: 'default',
    namespace,
    workload: { kind: 'Deployment', name: 'vllm' },
    service: { name: 'vllm', port: 8000 },
    router: { kind: 'HTTPRoute', name: 'llm' },
  };
}

/** Changes one variable of one container, and adds an annotation. */
export const release: Release = {
  version: 'v2',
  patch: {
    metadata: { annotations: { example: 'v2' } },
    spec: { containers: [{ name: 'vllm', env: [{ name: 'ARM', value: 'canary' }] }] },
  },
};

/** A Deployment with a bit of everything that a pod template may have. */
export function stableDeployment(namespace: string, replicas: number): V1Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'vllm',
      namespace,
      labels: { app: 'vllm', 'app.kubernetes.io/instance': 'llm' },
      annotations: { 'example.org/team': 'serving' },
    },
    spec: {
      replicas,
      minReadySeconds: 0,
      revisionHistoryLimit: 3,
      progressDeadlineSeconds: 77,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: { app: 'vllm' } },
      template: {
        metadata: {
          labels: { app: 'vllm', tier: 'llm' },
          annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8000' },
        },
        spec: {
          serviceAccountName: 'default',
          terminationGracePeriodSeconds: 2,
          tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }],
          affinity: {
            nodeAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                { weight: 1, preference: { matchExpressions: [{ key: 'gpu', operator: 'Exists' }] } },
              ],
            },
          },
          volumes: [{ name: 'cache', emptyDir: { sizeLimit: '1Mi' } }],
          initContainers: [
            { name: 'prepare', image, imagePullPolicy: 'IfNotPresent', command: ['node', '--version'] },
          ],
          containers: [
            {
              name: 'vllm',
              image,
              imagePullPolicy: 'IfNotPresent',
              ports: [{ name: 'http', containerPort: 8000 }],
              env: [
                { name: 'MODEL_NAME', value: 'llama' },
                { name: 'ARM', value: 'stable' },
              ],
              volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
              readinessProbe: { httpGet: { path: '/health', port: 'http' }, periodSeconds: 1 },
              resources: { requests: { cpu: '20m', memory: '48Mi' }, limits: { memory: '256Mi' } },
            },
          ],
        },
      },
    },
  };
}

export function stableService(namespace: string): V1Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'vllm', namespace, annotations: { 'projectcontour.io/max-requests': '1000' } },
    spec: { selector: { app: 'vllm' }, ports: [{ name: 'http', port: 8000, targetPort: 'http' }] },
  };
}

/** Scales stable between 1 and 5; without a metrics server it never does, and its minReplicas holds all the same. */
export function autoscaler(namespace: string, changes: { minReplicas?: number; target?: string } = {}) {
  const { minReplicas = 1, target = 'vllm' } = changes;
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: target, namespace },
    spec: {
      minReplicas,
      maxReplicas: 5,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target },
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
        },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
    },
  };
}
