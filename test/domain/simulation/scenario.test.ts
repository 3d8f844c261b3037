import { describe, expect, test } from '@jest/globals';
import { shareUpTo, usual } from '../../../src/domain/simulation/behaviour.ts';
import { parseScenario, scenarioNames, scenarioText } from '../../../src/domain/simulation/scenario.ts';

const hour = 3_600_000;

describe('scenarios', () => {
  test('all have a default, and are in the text that says what is allowed', () => {
    for (const name of scenarioNames) {
      expect(parseScenario(name)?.name).toBe(name);
      expect(scenarioText).toContain(name);
    }
  });

  test('errors are the canary’s share of failures', () => {
    const it = parseScenario('errors=0.5%');
    expect(it).toMatchObject({ name: 'errors=0.5%', what: '0.5 % of its requests fail', traffic: true });
    expect(it?.canary(0).shares).toEqual({ ...usual.shares, 'error-rate': 0.005 });
  });

  test('what is slow is slow everywhere, and writes no more tokens', () => {
    const sizes = parseScenario('slow=2')?.canary(0).sizes;
    expect(sizes?.ttft.median).toBe(usual.sizes.ttft.median * 2);
    expect(sizes?.['e2e-latency'].median).toBe(usual.sizes['e2e-latency'].median * 2);
    expect(sizes?.['tokens-per-request']).toEqual(usual.sizes['tokens-per-request']);
  });

  test('what is dearer writes more, and takes longer in all, not for each token', () => {
    const sizes = parseScenario('dearer')?.canary(0).sizes;
    expect(sizes?.['tokens-per-request'].median).toBe(usual.sizes['tokens-per-request'].median * 3);
    expect(sizes?.['e2e-latency'].median).toBe(usual.sizes['e2e-latency'].median * 3);
    expect(sizes?.['inter-token-latency']).toEqual(usual.sizes['inter-token-latency']);
  });

  test('a leak grows with time', () => {
    const it = parseScenario('leak=1.5');
    expect(it?.canary(0)).toEqual(usual);
    expect(it?.canary(2 * hour).sizes.ttft.median).toBeCloseTo(usual.sizes.ttft.median * 2.25, 10);
  });

  test.each([
    '',
    'bad',
    'errors=',
    'errors=2',
    'errors=0%',
    'errors=101%',
    'slow=0.5',
    'slow=2%',
    'good=1',
    'slow=2=3',
    'toString',
  ])('%p is none', (text) => {
    expect(parseScenario(text)).toBeNull();
  });
});

test('sizes are log-normal: half below the median, and the p99 where tables have it', () => {
  const size = { median: 4, spread: 0.5 };
  expect(shareUpTo(4, size)).toBeCloseTo(0.5, 12);
  // z of 0.99 is 2.3263479.
  expect(shareUpTo(4 * Math.exp(0.5 * 2.3263479), size)).toBeCloseTo(0.99, 8);
});
