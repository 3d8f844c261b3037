import { describe, expect, test } from '@jest/globals';
import type { V1Deployment } from '@kubernetes/client-node';
import { canaryDeployment } from '../../../src/adapters/kubernetes/canary-objects.ts';
import { foreignChanges } from '../../../src/adapters/kubernetes/foreign-changes.ts';
import { release, stableDeployment, stableService, targetIn } from './objects.ts';

const owner = { rolloutId: 'run-1' };
const target = targetIn('llm');

function arms(): { stable: V1Deployment; patched: V1Deployment; canary: V1Deployment } {
  const stable = stableDeployment('llm', 2);
  stable.metadata = { ...stable.metadata, labels: { 'sluice.dev/owner': owner.rolloutId } };
  const patched = withImage(stable, 'example/vllm:v2');
  const source = { target, release, owner, stable, patched, service: stableService('llm') };
  return { stable, patched, canary: canaryDeployment(source, 1) };
}

function withImage(deployment: V1Deployment, image: string): V1Deployment {
  const copy = structuredClone(deployment);
  const [container] = copy.spec?.template.spec?.containers ?? [];
  if (container !== undefined) container.image = image;
  return copy;
}

function scaled(deployment: V1Deployment, replicas: number): V1Deployment {
  const copy = structuredClone(deployment);
  if (copy.spec !== undefined) copy.spec.replicas = replicas;
  return copy;
}

function without(deployment: V1Deployment, what: 'labels' | 'annotations'): V1Deployment {
  const copy = structuredClone(deployment);
  if (copy.metadata !== undefined) copy.metadata[what] = {};
  return copy;
}

describe('changes by somebody else', () => {
  const { stable, patched, canary } = arms();

  test.each<[string, V1Deployment | null, V1Deployment | null, string[]]>([
    ['none', stable, canary, []],
    ['stable scaled up, by its autoscaler or a person', scaled(stable, 5), canary, []],
    ['stable updated by this rollout', patched, canary, []],
    [
      'another template of stable',
      withImage(stable, 'x'),
      canary,
      ['vllm: somebody changed its pod template'],
    ],
    ['stable scaled down', scaled(stable, 1), canary, ['vllm: somebody scaled it from 2 to 1 replicas']],
    [
      'the mark on stable',
      without(stable, 'labels'),
      canary,
      ["vllm is not marked as this rollout's any more"],
    ],
    ['stable gone', null, canary, ['vllm is gone']],
    [
      'another template of the canary',
      stable,
      withImage(canary, 'x'),
      ['vllm-canary: somebody changed its pod template'],
    ],
    ['the canary gone', stable, null, ['vllm-canary is gone']],
    ["the canary's label", stable, without(canary, 'labels'), ["vllm-canary is not this rollout's any more"]],
    [
      'the note on the canary',
      stable,
      without(canary, 'annotations'),
      ['vllm-canary: somebody removed or changed annotation sluice.dev/before'],
    ],
    [
      'both arms',
      withImage(stable, 'x'),
      withImage(canary, 'y'),
      ['vllm: somebody changed its pod template', 'vllm-canary: somebody changed its pod template'],
    ],
  ])('%s', (_, nowStable, nowCanary, expected) => {
    expect(foreignChanges(target, nowStable, nowCanary, owner)).toEqual(
      expected.map((sentence) => `Deployment llm/${sentence}`),
    );
  });

  test('the order of fields is no change', () => {
    const reversed = structuredClone(stable);
    const { containers = [], ...rest } = reversed.spec?.template.spec ?? {};
    if (reversed.spec !== undefined)
      reversed.spec.template.spec = { ...Object.fromEntries(Object.entries(rest).reverse()), containers };
    expect(foreignChanges(target, reversed, canary, owner)).toEqual([]);
  });
});
