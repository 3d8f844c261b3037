import { describe, expect, test } from '@jest/globals';
import { createLogger, sdkLogger } from '../../src/worker/logger.ts';

function written(level: 'info' | 'debug' = 'info') {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger(level, {
    write: (line: string) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
  });
  return { logger, lines };
}

describe('the log', () => {
  test('one JSON object a line: time, level by name, message', () => {
    const { logger, lines } = written();
    logger.info({ taskQueue: 'sluice' }, 'the worker starts');
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        taskQueue: 'sluice',
        msg: 'the worker starts',
      },
    ]);
  });

  test('Temporal’s ids have Sluice’s names, errors their stack', () => {
    const { logger, lines } = written();
    sdkLogger(logger).warn('Activity failed', {
      workflowId: 'rollout/default/llm/vllm',
      workflowRunId: '0199',
      activityType: 'shiftWeight',
      error: new Error('refused'),
    });
    expect(lines[0]).toMatchObject({
      level: 'warn',
      rollout: 'rollout/default/llm/vllm',
      rolloutId: '0199',
      activityType: 'shiftWeight',
      err: { message: 'refused', stack: expect.stringContaining('refused') },
    });
  });

  test('what is below the level is not written', () => {
    const { logger, lines } = written();
    sdkLogger(logger).log('DEBUG', 'quiet');
    expect(lines).toEqual([]);
  });

  test('secrets are not written', () => {
    const { logger, lines } = written();
    logger.info({ headers: { authorization: 'Bearer s3cret' }, user: { token: 's3cret' }, apiKey: 's3cret' });
    expect(JSON.stringify(lines)).not.toContain('s3cret');
    expect(lines[0]).toMatchObject({ apiKey: '[redacted]' });
  });
});
