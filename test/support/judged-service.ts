import { randomBytes } from 'node:crypto';
import type { KubernetesObject } from '@kubernetes/client-node';
import { applyObjects } from '../../dev/cluster/objects.ts';
import { waitForDeployment } from '../../dev/cluster/wait.ts';
import { imageNames } from '../../dev/platform/images.ts';
import type { JudgeEndpointPlan, JudgePlan } from '../../src/domain/plan/judge-plan.ts';
import { deployService, type ServiceUnderTest } from './namespace.ts';
import { judgePlan } from './plans.ts';

/** Stand-in judges beside a service, with prompts for them. */
export interface Judges {
  /** What the judges want to be shown; in a Secret of the namespace. */
  readonly apiKey: string;
  /** A judge of this behaviour; by default, but for what a test says. */
  judge(behaviour: string, changes?: Partial<JudgePlan>): JudgePlan;
}

/** The example service, with prompts and stand-in judges beside it. */
export type JudgedService = ServiceUnderTest & Judges;

/** Enough that what is 20 % worse is proven to be more than 10 % worse, nearly always. */
const promptsCount = 400;

/** Deploys the example service, and judges beside it. */
export async function deployJudgedService(
  purpose: string,
  behaviours: Readonly<Record<string, object>>,
): Promise<JudgedService> {
  const service = await deployService(purpose, { canary: false });
  return { ...service, ...(await deployJudges(service, behaviours)) };
}

/**
 * Deploys a set of prompts, a key, and one stand-in judge a behaviour beside a service.
 * @param behaviours by name, as dev/judge-standin takes them.
 */
export async function deployJudges(
  { namespace, cluster }: ServiceUnderTest,
  behaviours: Readonly<Record<string, object>>,
): Promise<Judges> {
  const apiKey = `judge-key-${randomBytes(12).toString('hex')}`;
  const names = Object.keys(behaviours);
  await applyObjects(cluster.objects, [
    judgeKey(namespace, apiKey),
    promptsOf(namespace),
    ...Object.entries(behaviours).flatMap(([name, behaviour]) => standinJudge(namespace, name, behaviour)),
  ]);
  await Promise.all(names.map((name) => waitForDeployment(cluster.config, namespace, judgeName(name))));
  const judge = (behaviour: string, changes: Partial<JudgePlan> = {}): JudgePlan =>
    judgePlan({
      image: imageNames.judge,
      atWeights: [50],
      endpoint: standinEndpoint(namespace, behaviour),
      concurrency: 16,
      requestsPerSecond: null,
      deadlineMs: 120_000,
      attempts: 2,
      ...changes,
    });
  return { apiKey, judge };
}

/** Where {@link standinJudge} is asked, with the key of {@link judgeKey}. */
export function standinEndpoint(namespace: string, behaviour: string): JudgeEndpointPlan {
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

function promptsOf(namespace: string): KubernetesObject {
  const lines = Array.from({ length: promptsCount }, (_, index) =>
    JSON.stringify({ id: `p${index}`, prompt: `What is to be done about case ${index}?` }),
  );
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'prompts', namespace },
    data: { 'prompts.jsonl': `${lines.join('\n')}\n` },
  } as KubernetesObject;
}

/** A stand-in judge of this behaviour, and its Service. */
export function standinJudge(namespace: string, name: string, behaviour: object): KubernetesObject[] {
  const labels = { app: judgeName(name) };
  const metadata = { name: judgeName(name), namespace };
  const keyFrom = { secretKeyRef: { name: 'judge-key', key: 'key' } };
  const container = {
    name: 'judge',
    image: imageNames.judgeStandin,
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
