import { EventEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { Probe, type ProbeAnswer } from '../../src/worker/probe.ts';
import { type Signs, whyNotReady } from '../../src/worker/readiness.ts';
import { stopSignal } from '../../src/worker/stop.ts';

describe('readiness', () => {
  const polling = { runState: 'RUNNING', workflowPollerState: 'POLLING', activityPollerState: 'POLLING' };
  const ready: Signs = { stopping: false, worker: polling, probes: { Temporal: { kind: 'answered' } } };

  test.each<[string, Partial<Signs>, readonly string[]]>([
    ['all is well', {}, []],
    ['SIGTERM has come', { stopping: true }, ['stopping']],
    ['before the start', { worker: null }, ['the worker has not started']],
    ['it drains', { worker: { ...polling, runState: 'DRAINING' } }, ['the worker is DRAINING']],
    [
      'a poller has failed',
      { worker: { ...polling, activityPollerState: 'FAILED' } },
      ['its activity poller is FAILED'],
    ],
    [
      'nobody answers, in any way',
      {
        worker: null,
        probes: { Temporal: { kind: 'silent', why: 'refused' }, 'the API server': { kind: 'waiting' } },
      },
      [
        'the worker has not started',
        'Temporal does not answer: refused',
        'the API server has not answered yet',
      ],
    ],
  ])('%s', (_, signs, reasons) => {
    expect(whyNotReady({ ...ready, ...signs })).toEqual(reasons);
  });
});

describe('a probe', () => {
  /** Gives the answers one after the other, and tells when all were given. */
  function asked(...answers: readonly ('yes' | 'no')[]) {
    const left = [...answers];
    const changes: ProbeAnswer[] = [];
    const done = Promise.withResolvers<undefined>();
    const probe = new Probe({
      everyMs: 1,
      onChange: (answer) => changes.push(answer),
      ask: () => {
        const answer = left.shift();
        if (left.length === 0) done.resolve(undefined);
        return answer === 'no' ? Promise.reject(new Error('refused')) : Promise.resolve();
      },
    });
    return { probe, changes, done: done.promise };
  }

  test('tells each change once', async () => {
    const { probe, changes, done } = asked('no', 'no', 'yes', 'yes', 'no');
    await done;
    await probe.stop();
    expect(changes).toEqual([
      { kind: 'silent', why: 'refused' },
      { kind: 'answered' },
      { kind: 'silent', why: 'refused' },
    ]);
    expect(probe.answer).toEqual({ kind: 'silent', why: 'refused' });
  });

  test('waits between questions no longer than it is wanted', async () => {
    const probe = new Probe({ ask: () => Promise.resolve(), everyMs: 1e9 });
    expect(probe.answer).toEqual({ kind: 'waiting' });
    await probe.stop();
    expect(probe.answer).toEqual({ kind: 'answered' });
  });
});

describe('stopping', () => {
  test('the first signal stops gently, the second at once', () => {
    const source = new EventEmitter();
    let exits = 0;
    const stopping = stopSignal(source, () => {
      exits += 1;
    });
    expect(stopping.aborted).toBe(false);
    source.emit('SIGTERM');
    expect(stopping.aborted).toBe(true);
    expect(stopping.reason).toBe('SIGTERM');
    expect(exits).toBe(0);
    source.emit('SIGINT');
    expect(exits).toBe(1);
  });
});
