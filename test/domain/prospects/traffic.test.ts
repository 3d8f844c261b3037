import { describe, expect, test } from '@jest/globals';
import type { ArmMeasurement, Measurement } from '../../../src/domain/analysis/measurement.ts';
import { trafficIn } from '../../../src/domain/prospects/traffic.ts';

const of = (total: number): ArmMeasurement => ({ 'error-rate': { bad: 0, total } });
const away: ArmMeasurement = { 'error-rate': { missing: 'no series is older than the window' } };
const arms = (stable: ArmMeasurement, canary: ArmMeasurement): Measurement => {
  return { kind: 'measured', stable, canary };
};

describe("today's traffic", () => {
  test('the longest window of which there are numbers tells it', () => {
    const reading = trafficIn(
      new Map([
        [60_000, arms(of(60), away)],
        [3_600_000, arms(away, away)],
        [600_000, arms(of(1200), away)],
      ]),
    );
    expect(reading).toEqual({ kind: 'traffic', windowMs: 600_000, requestsPerSecond: 2, stable: of(1200) });
  });

  test('what a canary is sent meanwhile is part of it', () => {
    const reading = trafficIn(new Map([[60_000, arms(of(540), of(60))]]));
    expect(reading).toMatchObject({ requestsPerSecond: 10 });
  });

  test.each<[string, Measurement]>([
    ['no series is older than the window', arms(away, of(10))],
    ['Prometheus does not answer', { kind: 'providerError', why: 'Prometheus does not answer' }],
  ])('nobody knows: %s', (why, measurement) => {
    expect(trafficIn(new Map([[60_000, measurement]]))).toEqual({ kind: 'unknown', why });
  });
});
