import { describe, expect, test } from '@jest/globals';
import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import { canaryOf, exampleVllm } from '../../../dev/cluster/vllm.ts';

describe('canaryOf the example', () => {
  test('is the same pod under labels that no selector of stable matches', async () => {
    const objects = await exampleVllm('elsewhere');
    const stable = objects.find((it) => it.kind === 'Deployment') as V1Deployment;
    const [deployment, service] = canaryOf(objects, { BEHAVIOUR: '{}' }) as [V1Deployment, V1Service];
    expect(deployment.metadata).toMatchObject({ name: 'vllm-canary', namespace: 'elsewhere' });
    expect(deployment.spec?.template.metadata?.labels).toEqual({ app: 'vllm-canary' });
    expect(service.spec?.selector).toEqual({ app: 'vllm-canary' });
    const env = (it: V1Deployment) => it.spec?.template.spec?.containers[0]?.env;
    expect(env(deployment)).toEqual(
      expect.arrayContaining([
        { name: 'ARM', value: 'canary' },
        { name: 'BEHAVIOUR', value: '{}' },
      ]),
    );
    // The example itself is not touched.
    expect(env(stable)).toEqual(expect.arrayContaining([{ name: 'ARM', value: 'stable' }]));
  });
});
