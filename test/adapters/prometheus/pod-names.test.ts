import { describe, expect, test } from '@jest/globals';
import { literal, podNamePattern } from '../../../src/adapters/prometheus/pod-names.ts';
import { withSuffix } from '../../../src/domain/rollout/naming.ts';

const hash = '6bd59f4b8c';
/** As the API server names pods: what is drawn follows at most 58 characters (apiserver, names/generate.go). */
const podOf = (deployment: string, templateHash = hash) =>
  `${`${deployment}-${templateHash}-`.slice(0, 58)}x7kqz`;
const matches = (deployment: string, pod: string) =>
  new RegExp(`^(?:${podNamePattern(deployment)})$`).test(pod);

describe('the pattern of pod names', () => {
  test.each([
    { name: 'a pod', pod: 'vllm-6bd59f4b8c-x7kqz', expected: true },
    { name: 'a short hash', pod: 'vllm-b8c-x7kqz', expected: true },
    { name: 'a pod of vllm-canary', pod: 'vllm-canary-6bd59f4b8c-x7kqz', expected: false },
    { name: 'a pod of vllm-v2', pod: 'vllm-v2-6bd59f4b8c-x7kqz', expected: false },
    { name: 'a pod of a StatefulSet', pod: 'vllm-0', expected: false },
    { name: 'a pod of my-vllm', pod: 'my-vllm-6bd59f4b8c-x7kqz', expected: false },
    { name: 'a pod of a DaemonSet', pod: 'vllm-x7kqz', expected: false },
  ])('for vllm, $name: $expected', ({ pod, expected }) => {
    expect(matches('vllm', pod)).toBe(expected);
  });

  test.each([1, 10, 45, 46, 47, 50, 52, 55, 57, 58, 59, 63])(
    'tells stable from canary with a name of %i characters',
    (length) => {
      const stable = 'long-name'.repeat(7).slice(0, length - 1) + 'z';
      const canary = withSuffix(stable, 'canary');
      for (const templateHash of [hash, hash.slice(2), hash.slice(5)]) {
        const pods = { stable: podOf(stable, templateHash), canary: podOf(canary, templateHash) };
        expect({ pods, stable: matches(stable, pods.stable), canary: matches(canary, pods.canary) }).toEqual({
          pods,
          stable: true,
          canary: true,
        });
        expect({ pods, stable: matches(stable, pods.canary), canary: matches(canary, pods.stable) }).toEqual({
          pods,
          stable: false,
          canary: false,
        });
      }
    },
  );

  test('a dot in a name is a dot', () => {
    expect(matches('llama-3.1', podOf('llama-3.1'))).toBe(true);
    expect(matches('llama-3.1', podOf('llama-3x1'))).toBe(false);
  });
});

test('literal matches the text and nothing else', () => {
  const text = 'a.b*c(d)[e]{f}|g^h$i\\j+k?';
  expect(new RegExp(`^${literal(text)}$`).test(text)).toBe(true);
});
