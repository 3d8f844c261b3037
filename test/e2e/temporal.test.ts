import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { greetAfterPause } from '../support/greeting-workflow.ts';
import { testAddresses } from '../support/test-platform.ts';

describe('Temporal', () => {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_UI_URL: uiUrl } = testAddresses();

  beforeAll(() => {
    Runtime.install({ logger: new DefaultLogger('WARN') });
  });

  test('a workflow of the SDK runs: timer, activity, result', async () => {
    const taskQueue = `e2e-${randomUUID()}`;
    const nativeConnection = await NativeConnection.connect({ address });
    const connection = await Connection.connect({ address });
    try {
      const worker = await Worker.create({
        connection: nativeConnection,
        taskQueue,
        workflowsPath: path.resolve(import.meta.dirname, '../support/greeting-workflow.ts'),
        activities: { greet: (name: string) => Promise.resolve(`hello ${name}`) },
      });
      const client = new Client({ connection });
      const workflowId = `e2e-${randomUUID()}`;
      const result = worker.runUntil(
        client.workflow.execute<typeof greetAfterPause>('greetAfterPause', {
          taskQueue,
          workflowId,
          args: ['platform'],
        }),
      );
      expect(await result).toBe('hello platform');
    } finally {
      await connection.close();
      await nativeConnection.close();
    }
  });

  test('the UI answers', async () => {
    if (uiUrl === undefined) throw new Error('TEMPORAL_UI_URL must be set: this test opens it');
    const response = await fetch(uiUrl);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<html');
  });
});
