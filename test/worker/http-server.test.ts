import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readCoreMetrics } from '../../src/worker/core-metrics.ts';
import { createHttpServer } from '../../src/worker/http-server.ts';
import { RolloutMetrics } from '../../src/worker/metrics.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

/** A server on loopback; what it is given can change under it. */
async function served(parts: { reasons?: string[]; coreAddress?: string }) {
  const server = createHttpServer({
    whyNotReady: () => parts.reasons ?? [],
    registry: new RolloutMetrics().registry,
    coreMetrics: () => readCoreMetrics(parts.coreAddress ?? '127.0.0.1:1'),
  });
  open.push(() => server.close());
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return { get: (path: string) => fetch(`${url}${path}`) };
}

/** What Temporal's SDK does: metrics on loopback. */
async function sdkExporter(status: number, body: string): Promise<string> {
  const exporter = http.createServer((_, answer) => answer.writeHead(status).end(body));
  await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
  open.push(() => new Promise((resolve) => exporter.close(resolve)));
  return `127.0.0.1:${(exporter.address() as AddressInfo).port}`;
}

describe('the worker’s http server', () => {
  test('/livez: alive, whatever else is wrong', async () => {
    const { get } = await served({ reasons: ['the API server does not answer'] });
    expect((await get('/livez')).status).toBe(200);
  });

  test('/readyz: 200 when work is done here, else 503 with the reasons', async () => {
    const parts = { reasons: ['the worker has not started'] };
    const { get } = await served(parts);
    const before = await get('/readyz');
    expect(before.status).toBe(503);
    expect(await before.json()).toEqual({ status: 'notReady', reasons: ['the worker has not started'] });
    parts.reasons = [];
    const after = await get('/readyz');
    expect(after.status).toBe(200);
    expect(await after.json()).toEqual({ status: 'ready' });
  });

  test('/metrics: our own, and those of the SDK', async () => {
    const coreAddress = await sdkExporter(200, 'temporal_num_pollers 5\n');
    const { get } = await served({ coreAddress });
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const text = await answer.text();
    expect(text).toContain('# TYPE sluice_rollouts_total counter');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
    expect(text).toContain('\ntemporal_num_pollers 5\n');
  });

  test.each([
    ['is gone', async () => Promise.resolve('127.0.0.1:1'), "# Temporal's SDK serves no metrics now"],
    ['is ill', () => sdkExporter(500, 'oh'), "# Temporal's SDK answers 500"],
  ])('/metrics are readable when the SDK’s exporter %s', async (_, exporter, comment) => {
    const { get } = await served({ coreAddress: await exporter() });
    const answer = await get('/metrics');
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).toContain('sluice_rollouts_total');
    expect(text).toContain(comment);
  });

  test('anything else: 404', async () => {
    const { get } = await served({});
    expect((await get('/')).status).toBe(404);
  });
});
