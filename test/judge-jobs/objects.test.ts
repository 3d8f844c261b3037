import { describe, expect, test } from '@jest/globals';
import type { V1Service } from '@kubernetes/client-node';
import { egressTo } from '../../src/adapters/kubernetes/judge/egress-to.ts';
import { judgeJob } from '../../src/adapters/kubernetes/judge/job-object.ts';
import { judgeNetworkPolicy } from '../../src/adapters/kubernetes/judge/network-policy-object.ts';
import { judgeConfig } from '../../src/domain/judge/config-of.ts';
import type { JudgePlan } from '../../src/domain/plan/judge-plan.ts';
import { judgedPlan } from './objects.ts';

const which = { phase: 1, attempt: 2 };
const owner = { rolloutId: 'run-1' };
const service = (name: string, targetPort: number | string = 'http'): V1Service => ({
  metadata: { name, uid: `uid-of-${name}` },
  spec: { selector: { app: name }, ports: [{ name: 'http', port: 8000, targetPort }] },
});
const transcripts = {
  s3: {
    ...{ endpoint: 'http://store.storage.svc:9000', region: 'eu-1', bucket: 'llm-judge', prefix: 'a/' },
    credentials: { secret: 'bucket-keys', accessKeyId: 'id', secretAccessKey: 'key' },
  },
  keepMs: 5,
};
const [stable, canary] = [service('vllm'), service('vllm-canary', 8080)];

const jobOf = (changes: Partial<JudgePlan> = {}) =>
  judgeJob({ plan: judgedPlan(changes), which, owner }, canary);
const podOf = (changes: Partial<JudgePlan> = {}) => jobOf(changes).spec?.template.spec;
const containerOf = (changes: Partial<JudgePlan> = {}) => podOf(changes)?.containers[0];
const labels = {
  'sluice.dev/rollout-id': 'run-1',
  'sluice.dev/role': 'judge',
  'sluice.dev/phase': '2',
  'sluice.dev/attempt': '2',
};

describe('a judge’s Job', () => {
  test('is named and labelled after its try, and goes with the canary’s Service', () => {
    const { metadata } = jobOf();
    expect(metadata).toMatchObject({ namespace: 'llm', labels });
    expect(metadata?.name).toMatch(/^vllm-judge-[0-9a-f]{8}-2-2$/);
    expect(metadata?.ownerReferences).toEqual([
      { apiVersion: 'v1', kind: 'Service', name: 'vllm-canary', uid: 'uid-of-vllm-canary' },
    ]);
  });

  test('gives its pod the rollout’s labels alone: no selector of the target finds it', () => {
    expect(jobOf().spec?.template.metadata?.labels).toEqual(labels);
  });

  test('runs one pod once, and a minute longer than its program may take', () => {
    expect(jobOf({ deadlineMs: 90_500 }).spec).toMatchObject({
      parallelism: 1,
      completions: 1,
      backoffLimit: 0,
      activeDeadlineSeconds: 151,
      ttlSecondsAfterFinished: 86_400,
    });
  });

  test('may do nothing to the cluster or its node', () => {
    expect(podOf()).toMatchObject({
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(containerOf()?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test('has what the plan gives it, and no more', () => {
    const resources = { cpu: '1', memory: '1Gi' };
    expect(containerOf({ resources })).toMatchObject({
      image: 'example/judge:1',
      resources: { requests: resources, limits: resources },
    });
  });

  test('answers by its termination message, never by the end of its log', () => {
    expect(containerOf()).toMatchObject({
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
    });
  });

  test('is told its name and its order, without a key where there is none', () => {
    const [run, config, ...more] = containerOf()?.env ?? [];
    expect(run).toEqual({ name: 'SLUICE_JUDGE_RUN', value: jobOf().metadata?.name });
    expect(config?.name).toBe('SLUICE_JUDGE_CONFIG');
    expect(JSON.parse(config?.value ?? '')).toEqual(judgeConfig(judgedPlan()));
    expect(more).toEqual([]);
  });

  test('keeps dollar signs of its order from Kubernetes, which replaces $(NAME) and $$', () => {
    const criteria = [{ name: 'cost', description: 'pays $$ for $(SLUICE_JUDGE_RUN), $1' }];
    const { value = '' } = containerOf({ criteria })?.env?.[1] ?? {};
    expect(value).toContain('pays $$$$ for $$(SLUICE_JUDGE_RUN), $$1');
  });

  test('names the Secret of its key, which only the kubelet reads', () => {
    const endpoint = { url: 'http://judge', model: 'm', apiKey: { secret: 'judge-key', key: 'token' } };
    expect(containerOf({ endpoint })?.env?.[2]).toEqual({
      name: 'SLUICE_JUDGE_API_KEY',
      valueFrom: { secretKeyRef: { name: 'judge-key', key: 'token' } },
    });
  });

  test('has no volume for transcripts in a bucket, and names the Secret of its keys', () => {
    expect(podOf({ transcripts })?.volumes?.map(({ name }) => name)).toEqual(['prompts']);
    const from = (key: string) => ({ valueFrom: { secretKeyRef: { name: 'bucket-keys', key } } });
    expect(containerOf({ transcripts })?.env?.slice(2)).toEqual([
      { name: 'SLUICE_JUDGE_S3_ACCESS_KEY_ID', ...from('id') },
      { name: 'SLUICE_JUDGE_S3_SECRET_ACCESS_KEY', ...from('key') },
    ]);
  });

  test('finds one key of the ConfigMap as a file that nobody can change', () => {
    expect(podOf()?.volumes).toEqual([
      {
        name: 'prompts',
        configMap: {
          name: 'prompts',
          items: [{ key: 'prompts.jsonl', path: 'prompts.jsonl' }],
          optional: true,
        },
      },
    ]);
    expect(containerOf()?.volumeMounts).toEqual([{ name: 'prompts', mountPath: '/prompts', readOnly: true }]);
  });

  test('has no volume for prompts from the web, and one for transcripts', () => {
    const prompts = { url: 'https://example.com/prompts.jsonl' };
    expect(podOf({ prompts })?.volumes).toEqual([]);
    const kept = { prompts, transcripts: { claim: 'kept', keepMs: 5 } };
    expect(podOf(kept)?.volumes).toEqual([
      { name: 'transcripts', persistentVolumeClaim: { claimName: 'kept' } },
    ]);
    expect(containerOf(kept)?.volumeMounts).toEqual([{ name: 'transcripts', mountPath: '/transcripts' }]);
    expect(podOf(kept)?.securityContext).toMatchObject({ fsGroup: 65_532 });
  });
});

describe('its NetworkPolicy', () => {
  const policyOf = (changes: Partial<JudgePlan> = {}) =>
    judgeNetworkPolicy({ plan: judgedPlan(changes), which, owner }, { stable, canary });
  const dns = {
    ports: [
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 53 },
    ],
  };
  const arms = [
    { to: [{ podSelector: { matchLabels: { app: 'vllm' } } }], ports: [{ protocol: 'TCP', port: 'http' }] },
    {
      to: [{ podSelector: { matchLabels: { app: 'vllm-canary' } } }],
      ports: [{ protocol: 'TCP', port: 8080 }],
    },
  ];

  test('has the Job’s name, labels and owner', () => {
    expect(policyOf().metadata).toEqual(jobOf().metadata);
  });

  test('is for the pod of this try, and lets nobody in', () => {
    expect(policyOf().spec).toMatchObject({
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
    });
  });

  test('lets it out to names, both arms at their pods’ ports, the model and the prompts', () => {
    const prompts = { url: 'https://example.com/prompts.jsonl' };
    expect(policyOf({ prompts }).spec?.egress).toEqual([
      dns,
      ...arms,
      egressTo('http://judge.llm:8000', 'llm'),
      egressTo(prompts.url, 'llm'),
    ]);
  });

  test('lets it out to the store of its transcripts', () => {
    expect(policyOf({ endpoint: null, transcripts }).spec?.egress).toEqual([
      dns,
      ...arms,
      egressTo(transcripts.s3.endpoint, 'llm'),
    ]);
  });

  test('lets it out to names and arms alone where checkers judge prompts of a ConfigMap', () => {
    expect(policyOf({ endpoint: null }).spec?.egress).toEqual([dns, ...arms]);
  });

  const within = (namespace: string) => ({
    to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }],
  });
  const anywhere = (port: number) => ({ ports: [{ protocol: 'TCP', port }] });
  test.each([
    ['http://judge:8000', within('llm')],
    ['http://judge.llm:8000', within('llm')],
    ['http://judge.models.svc', within('models')],
    ['http://judge.models.svc.cluster.local.:8000/v1', within('models')],
    ['http://judge-0.judge.models.svc.cluster.local', within('models')],
    ['https://openrouter.ai/api', anywhere(443)],
    ['http://svc.example.com', anywhere(80)],
    ['https://api.example.com:8443', anywhere(8443)],
    ['http://192.0.2.7:8000', { to: [{ ipBlock: { cidr: '192.0.2.7/32' } }], ...anywhere(8000) }],
    ['https://[2001:db8::1]', { to: [{ ipBlock: { cidr: '2001:db8::1/128' } }], ...anywhere(443) }],
  ])('to %s', (url, rule) => {
    expect(egressTo(url, 'llm')).toEqual(rule);
  });
});
