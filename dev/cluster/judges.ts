import type { KubernetesObject } from '@kubernetes/client-node';

/** Where {@link standinJudge} is asked, with the key of {@link judgeKey}. */
export function standinEndpoint(namespace: string, behaviour: string) {
  return {
    url: `http://${judgeName(behaviour)}.${namespace}.svc:8000`,
    model: 'judge-standin',
    apiKey: { secret: 'judge-key', key: 'key' },
  };
}

export function judgeName(behaviour: string): string {
  return `judge-${behaviour}`;
}

/** What stand-in judges want to be shown. */
export function judgeKey(namespace: string, apiKey: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'judge-key', namespace },
    stringData: { key: apiKey },
  } as KubernetesObject;
}

/** Questions that differ in nothing but a number; a ConfigMap `prompts`. */
export function promptSet(namespace: string, count: number): KubernetesObject {
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ id: `p${index}`, prompt: `What is to be done about case ${index}?` }),
  );
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'prompts', namespace },
    data: { 'prompts.jsonl': `${lines.join('\n')}\n` },
  } as KubernetesObject;
}

/**
 * A stand-in judge, and its Service.
 * @param judge.name of the behaviour. @param judge.behaviour as dev/judge-standin takes it. @param judge.image that has it.
 */
export function standinJudge(
  namespace: string,
  { name, behaviour, image }: { readonly name: string; readonly behaviour: object; readonly image: string },
): KubernetesObject[] {
  const labels = { app: judgeName(name) };
  const metadata = { name: judgeName(name), namespace };
  const keyFrom = { secretKeyRef: { name: 'judge-key', key: 'key' } };
  const container = {
    name: 'judge',
    image,
    imagePullPolicy: 'IfNotPresent',
    ports: [{ name: 'http', containerPort: 8000 }],
    env: [
      { name: 'BEHAVIOUR', value: JSON.stringify(behaviour) },
      { name: 'API_KEY', valueFrom: keyFrom },
    ],
    readinessProbe: { tcpSocket: { port: 'http' }, periodSeconds: 1 },
    resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } },
  };
  const deployment = {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
  const service = {
    ...{ apiVersion: 'v1', kind: 'Service', metadata },
    spec: { selector: labels, ports: [{ name: 'http', port: 8000, targetPort: 'http' }] },
  };
  return [deployment, service];
}
