import { describe, expect, test } from '@jest/globals';
import { canaryDeployment, canaryService } from '../../../src/adapters/kubernetes/canary-objects.ts';
import { release, stableDeployment, stableService, targetIn } from './objects.ts';

const owner = { rolloutId: 'run-1' };

function source(change: (it: ReturnType<typeof fresh>) => void = () => undefined) {
  const it = fresh();
  change(it);
  return { target: targetIn('llm'), release, owner, ...it };
}

function fresh() {
  const patched = stableDeployment('llm', 2);
  if (patched.spec === undefined) throw new Error('no spec');
  return {
    stable: stableDeployment('llm', 2),
    patched: { ...patched, spec: patched.spec },
    service: stableService('llm'),
  };
}

describe('the Deployment of the canary', () => {
  test('has the pod template as it is, but for labels', () => {
    const from = source();
    const { spec } = canaryDeployment(from, 3);
    const { template } = from.patched.spec;
    expect(spec?.template.spec).toEqual(template.spec);
    expect(spec?.template.metadata?.annotations).toEqual(template.metadata?.annotations);
    expect(spec).toMatchObject({
      replicas: 3,
      strategy: from.patched.spec.strategy,
      progressDeadlineSeconds: 77,
      revisionHistoryLimit: 3,
    });
  });

  test('carries the marks of the rollout, and none of the labels by which tools know what is theirs', () => {
    const { metadata } = canaryDeployment(source(), 1);
    expect(metadata).toMatchObject({
      name: 'vllm-canary',
      namespace: 'llm',
      labels: { 'sluice.dev/rollout-id': 'run-1', 'sluice.dev/arm': 'canary', 'sluice.dev/version': 'v2' },
    });
    expect(Object.keys(metadata?.labels ?? {})).toHaveLength(3);
    expect(Object.keys(metadata?.annotations ?? {})).toEqual(['sluice.dev/before']);
  });

  test('has another value wherever stable or its Service selects, and keeps all other labels', () => {
    const { spec } = canaryDeployment(
      source(({ patched, service }) => {
        patched.spec.template.metadata = { labels: { app: 'vllm', tier: 'llm', part: 'server', empty: '' } };
        patched.spec.selector = {
          matchLabels: { app: 'vllm' },
          matchExpressions: [{ key: 'empty', operator: 'In', values: ['', 'x'] }],
        };
        service.spec = { ...service.spec, selector: { part: 'server' } };
      }),
      1,
    );
    const selecting = {
      app: 'vllm-canary',
      part: 'server-canary',
      empty: 'canary',
      'sluice.dev/arm': 'canary',
    };
    expect(spec?.selector).toEqual({ matchLabels: selecting });
    expect(spec?.template.metadata?.labels).toEqual({
      ...selecting,
      tier: 'llm',
      'sluice.dev/rollout-id': 'run-1',
      'sluice.dev/version': 'v2',
    });
  });

  test('keeps label values within 63 characters', () => {
    const long = 'v'.repeat(63);
    const { spec } = canaryDeployment(
      source(({ patched }) => {
        patched.spec.template.metadata = { labels: { app: long } };
        patched.spec.selector = { matchLabels: { app: long } };
      }),
      1,
    );
    const value = spec?.selector.matchLabels?.['app'] ?? '';
    expect(value).toMatch(/^v+-[0-9a-f]{8}-canary$/);
    expect(value).toHaveLength(63);
  });
});

describe('the Service of the canary', () => {
  test('has the ports of stable and selects as the Deployment does', () => {
    const from = source(({ service }) => {
      service.spec = {
        ...service.spec,
        type: 'NodePort',
        clusterIP: '10.96.1.2',
        clusterIPs: ['10.96.1.2'],
        publishNotReadyAddresses: true,
        ports: [{ name: 'http', port: 8000, targetPort: 'http', nodePort: 30080, appProtocol: 'http' }],
      };
    });
    expect(canaryService(from).spec).toEqual({
      type: 'ClusterIP',
      publishNotReadyAddresses: true,
      selector: { ...canaryDeployment(from, 1).spec?.selector.matchLabels },
      ports: [{ name: 'http', port: 8000, targetPort: 'http', appProtocol: 'http' }],
    });
  });

  test('is headless where stable is', () => {
    const from = source(({ service }) => {
      service.spec = { ...service.spec, clusterIP: 'None' };
    });
    expect(canaryService(from).spec?.clusterIP).toBe('None');
  });

  test('takes over what tells the gateway how to speak to it, and no name or address of stable', () => {
    const from = source(({ service }) => {
      service.metadata = {
        ...service.metadata,
        annotations: {
          'projectcontour.io/max-requests': '1000',
          'external-dns.alpha.kubernetes.io/hostname': 'llm.example',
        },
      };
    });
    expect(canaryService(from).metadata?.annotations).toEqual({ 'projectcontour.io/max-requests': '1000' });
  });
});
