import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LoadReport } from '../../../dev/load/report.ts';
import { runLoad } from '../../../dev/load/run.ts';
import { deployFaultyPods, failing, type Fault } from './faulty-pods.ts';
import { MeasuredService, told } from './measured-service.ts';

/** Real pods that fail in one way each, behind the real gateway. */
describe('envoy-contour: what fails', () => {
  let subject: MeasuredService;
  let host: string;

  beforeAll(async () => {
    subject = await MeasuredService.deploy('faults');
    host = await deployFaultyPods(subject.service.cluster, subject.service.namespace);
  });
  afterAll(() => subject.service.remove(), 120_000);

  test.each(failing)('%s is a failure, once a request', async (fault) => {
    const report = await send(fault);
    const { canary } = await subject.measured('envoy-contour', 10_000, fault);
    expect(report.total).toMatchObject({ good: 0, failed: 30 });
    expect(told(canary)).toEqual({ requests: 30, failed: 30 });
  });

  test('a client that leaves is no failure', async () => {
    const report = await send('slow-stream-unlimited', 300);
    const { canary } = await subject.measured('envoy-contour', 10_000, 'slow-stream-unlimited');
    expect(report.total).toMatchObject({ good: 0, failed: 30 });
    expect(told(canary)).toEqual({ requests: 30, failed: 0 });
  });

  /** 30 requests, and then a scrape. */
  async function send(fault: Fault, timeoutMs = 5000): Promise<LoadReport> {
    await subject.olderThan(10_000, 'envoy-contour', `${fault}-canary`);
    const rate = { ratePerSecond: 30, durationMs: 1000 };
    const { gateway: url } = subject.service;
    const report = await runLoad({ url, path: `/${fault}`, headers: { host }, ...rate, timeoutMs });
    await subject.scrapedSince(Date.now(), 'envoy-contour');
    return report;
  }
});
