import { describe, expect, test } from '@jest/globals';
import { AlertDesk } from '../../../src/worker/alerts/alert-desk.ts';
import { readNotification } from '../../../src/worker/alerts/notification.ts';
import type { AlertAction } from '../../../src/worker/alerts/settings.ts';
import { baking, startedAtMs } from '../../support/cli-states.ts';
import { after, alertOf, FakeRollouts, notificationOf } from './alerts.ts';

const id = 'rollout/default/llm/vllm';

/** Gives alerts to a desk over the rollout of cli-states.ts. */
async function taken(
  alerts: readonly object[],
  { rollouts = new FakeRollouts(), action = 'abort' }: { rollouts?: FakeRollouts; action?: AlertAction } = {},
) {
  const desk = new AlertDesk(action);
  desk.rollouts = rollouts;
  const reading = readNotification(notificationOf(...alerts));
  if (reading.kind === 'refused') throw new Error(reading.problem);
  const answers = await desk.take(reading.notification);
  return { answers, told: rollouts.told, results: answers.map((it) => it.result) };
}

describe('an alert about a rollout', () => {
  test('aborts it; the reason is its name and its summary, and nothing else of it', async () => {
    const { answers, told } = await taken([alertOf()]);
    expect(told).toEqual([
      { what: 'abort', rollout: id, by: 'alertmanager', reason: 'VllmErrors: 5 % of the requests fail' },
    ]);
    expect(answers).toEqual([
      { alert: 'VllmErrors', rollout: id, result: 'aborted', why: 'the rollout was told to abort' },
    ]);
  });

  test.each<[string, Record<string, string>, AlertAction, 'abort' | 'hold']>([
    ['by default', {}, 'abort', 'abort'],
    ['as the worker is set', {}, 'hold', 'hold'],
    ['as its label says', { sluice_action: 'hold' }, 'abort', 'hold'],
    ['as its label says, whatever the worker is set to', { sluice_action: 'abort' }, 'hold', 'abort'],
    ['whose label is empty', { sluice_action: '' }, 'hold', 'hold'],
  ])('%s: %o', async (_, labels, action, what) => {
    const { told } = await taken([alertOf(labels)], { action });
    expect(told).toEqual([expect.objectContaining({ what })]);
  });

  test('with an action that nobody knows does the default, and says so', async () => {
    const { told } = await taken([alertOf({ sluice_action: 'abrot' })]);
    expect(told[0]).toMatchObject({
      what: 'abort',
      reason:
        'VllmErrors: 5 % of the requests fail; label sluice_action must be abort or hold: found "abrot", took abort',
    });
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ['sluice_namespace before namespace', { sluice_namespace: 'llm', namespace: 'monitoring' }, id],
    ['sluice_cluster', { sluice_cluster: 'eu-1' }, 'rollout/eu-1/llm/vllm'],
    ['sluice_rollout', { sluice_rollout: 'llama' }, 'rollout/default/llm/llama'],
  ])('is led to it by %s', async (_, labels, rollout) => {
    const { answers } = await taken([alertOf(labels as Record<string, string>)]);
    expect(answers).toEqual([expect.objectContaining({ rollout })]);
  });

  test.each<[string, Record<string, string>, string]>([
    ['no rollout', { sluice_rollout: '' }, 'label sluice_rollout must be a name of a-z, 0-9 and -'],
    ['no namespace', { namespace: '' }, 'label sluice_namespace or namespace must be a name'],
    ['a name with a slash', { sluice_rollout: 'llm/vllm' }, 'found "llm/vllm"'],
    ['a cluster that is no name', { sluice_cluster: '../eu' }, 'found "../eu"'],
    ['a name that is too long', { sluice_rollout: 'x'.repeat(64) }, 'at most 63 characters'],
  ])('whose labels name %s does nothing, and says why', async (_, labels, why) => {
    const { answers, told } = await taken([alertOf(labels)]);
    expect(told).toEqual([]);
    expect(answers).toEqual([
      { alert: 'VllmErrors', rollout: null, result: 'unaddressed', why: expect.stringContaining(why) },
    ]);
  });

  test('that ends does nothing', async () => {
    const { results, told } = await taken([alertOf({}, { status: 'resolved' })]);
    expect({ results, told }).toEqual({ results: ['resolved'], told: [] });
  });

  test.each<AlertAction>(['abort', 'hold'])(
    'that began before it does nothing, or it could not put right what was wrong: %s',
    async (action) => {
      const { results, told } = await taken([alertOf({}, { startsAt: after(-0.001) })], { action });
      expect({ results, told }).toEqual({ results: ['older'], told: [] });
    },
  );

  test('that began in the same moment aborts it', async () => {
    const { results } = await taken([alertOf({}, { startsAt: after(0) })]);
    expect(results).toEqual(['aborted']);
  });

  test('about no rollout that runs here does nothing', async () => {
    const { answers, told } = await taken([alertOf({ sluice_rollout: 'other' })]);
    expect(told).toEqual([]);
    expect(answers).toEqual([expect.objectContaining({ result: 'noRollout', why: 'none' })]);
  });

  test('is refused where the rollout is over', async () => {
    const rollouts = new FakeRollouts();
    rollouts.obedience = { kind: 'refused', why: 'the rollout has just ended' };
    for (const action of ['abort', 'hold'] as const) {
      const { answers } = await taken([alertOf()], { rollouts, action });
      expect(answers).toEqual([
        { alert: 'VllmErrors', rollout: id, result: 'refused', why: 'the rollout has just ended' },
      ]);
    }
  });
});

describe('a hold', () => {
  const orders = (name: string, atMinutes: number, by: string) => [
    ...baking.events,
    { atMs: startedAtMs + 10 * 60_000, what: 'hold: VllmErrors', by: 'alertmanager' },
    { atMs: startedAtMs + atMinutes * 60_000, what: `${name}: looked at it`, by },
  ];

  test.each(['resume', 'advance', 'approved'])(
    'is not repeated for an alert that a person has seen: %s',
    async (order) => {
      const rollouts = new FakeRollouts();
      rollouts.events = orders(order, 11, 'ann');
      const { answers, told } = await taken([alertOf()], { rollouts, action: 'hold' });
      expect(told).toEqual([]);
      expect(answers).toEqual([
        expect.objectContaining({ result: 'seen', why: 'it began before the last order of ann' }),
      ]);
    },
  );

  test('comes again when the alert ends and begins again after that', async () => {
    const rollouts = new FakeRollouts();
    rollouts.events = orders('resume', 11, 'ann');
    const { results } = await taken([alertOf({}, { startsAt: after(12) })], { rollouts, action: 'hold' });
    expect(results).toEqual(['held']);
  });

  test('of another alert is no order of a person', async () => {
    const rollouts = new FakeRollouts();
    rollouts.events = orders('hold', 11, 'alertmanager');
    const { results } = await taken([alertOf()], { rollouts, action: 'hold' });
    expect(results).toEqual(['held']);
  });

  test('an abort counts, whatever a person did since: it is late, not seen', async () => {
    const rollouts = new FakeRollouts();
    rollouts.events = orders('advance', 11, 'ann');
    expect((await taken([alertOf()], { rollouts })).results).toEqual(['aborted']);
  });

  test('has one id for the same alerts in any order, and another for any other', async () => {
    const one = alertOf({ sluice_action: 'hold' });
    const two = alertOf({ sluice_action: 'hold' }, { fingerprint: 'ffff' });
    const again = alertOf({ sluice_action: 'hold' }, { startsAt: after(11) });
    const rollouts = new FakeRollouts();
    for (const alerts of [[one], [one], [one, two], [two, one], [two], [again]])
      await taken(alerts, { rollouts });
    const ids = rollouts.told.map(({ orderId }) => orderId);
    expect(ids.map((it) => ids.indexOf(it))).toEqual([0, 0, 2, 2, 4, 5]);
    expect(ids[0]).toMatch(/^alertmanager\/[0-9a-f]{32}$/);
  });
});

describe('several alerts', () => {
  test('about one rollout are one order; an abort goes before a hold', async () => {
    const { told, results } = await taken([
      alertOf({ alertname: 'Slow', sluice_action: 'hold' }),
      alertOf(),
      alertOf({ alertname: 'Down' }),
      alertOf({ alertname: 'Down', pod: 'b' }),
    ]);
    expect(told).toEqual([
      expect.objectContaining({
        what: 'abort',
        reason: 'VllmErrors: 5 % of the requests fail; also Down',
      }),
    ]);
    expect(results).toEqual(['aborted', 'aborted', 'aborted', 'aborted']);
  });

  test('each have an answer, also where they are of every kind', async () => {
    const { answers } = await taken([
      alertOf({ alertname: 'Old' }, { startsAt: after(-5) }),
      alertOf({ alertname: 'Gone' }, { status: 'resolved' }),
      alertOf({ alertname: 'Lost', sluice_rollout: '' }),
      alertOf({ alertname: 'Other', sluice_rollout: 'other' }),
      alertOf(),
    ]);
    const results = Object.fromEntries(answers.map((it) => [it.alert, it.result]));
    expect(results).toEqual({
      Old: 'older',
      Gone: 'resolved',
      Lost: 'unaddressed',
      Other: 'noRollout',
      VllmErrors: 'aborted',
    });
    expect(answers).toHaveLength(5);
  });

  test('a rollout that does not answer delays nobody else', async () => {
    const rollouts = new FakeRollouts();
    const stuck = Promise.withResolvers<never>();
    const find = rollouts.find.bind(rollouts);
    rollouts.find = (rollout) => (rollout.endsWith('/stuck') ? stuck.promise : find(rollout));
    const taking = taken([alertOf({ sluice_rollout: 'stuck' }), alertOf()], { rollouts });
    // Everything of the fake is done within this turn of the loop.
    await new Promise(setImmediate);
    expect(rollouts.told).toEqual([expect.objectContaining({ what: 'abort', rollout: id })]);
    stuck.reject(new Error('no answer'));
    expect((await taking).results.toSorted()).toEqual(['aborted', 'unanswered']);
  });
});

describe('without an answer', () => {
  test('of Temporal, ever: alerts are unanswered', async () => {
    const reading = readNotification(notificationOf(alertOf()));
    if (reading.kind === 'refused') throw new Error(reading.problem);
    expect(await new AlertDesk('abort').take(reading.notification)).toEqual([
      expect.objectContaining({ result: 'unanswered', why: 'Temporal has not answered yet' }),
    ]);
  });

  test.each(['find', 'abort', 'state', 'hold'] as const)(
    'to %s: the alert is unanswered',
    async (question) => {
      const rollouts = new FakeRollouts();
      Object.assign(rollouts, { [question]: () => Promise.reject(new Error('no answer')) });
      const action = question === 'state' || question === 'hold' ? 'hold' : 'abort';
      const { answers } = await taken([alertOf()], { rollouts, action });
      expect(answers).toEqual([expect.objectContaining({ result: 'unanswered', why: 'no answer' })]);
    },
  );
});

describe('the reason', () => {
  const reasonOf = async (...alerts: readonly object[]) => (await taken(alerts)).told[0]?.reason;

  test.each<[string, object, string]>([
    ['without a summary', { annotations: {} }, 'VllmErrors'],
    [
      'without a name',
      { labels: { sluice_rollout: 'vllm', namespace: 'llm' } },
      'an alert without a name: 5 %',
    ],
    ['on several lines', { annotations: { summary: ' a\n\tb\u0000\u001b[31mc ' } }, 'VllmErrors: a b [31mc'],
    [
      'with a password',
      { annotations: { summary: 'see https://ann:s3cret@host/x' } },
      'VllmErrors: see https://…@host/x',
    ],
  ])('%s', async (_, more, reason) => {
    expect(await reasonOf(alertOf({}, more))).toEqual(expect.stringContaining(reason));
  });

  test('is bounded', async () => {
    const long = await reasonOf(alertOf({}, { annotations: { summary: 'x'.repeat(5000) } }));
    expect(long).toHaveLength(300);
    expect(long).toMatch(/x…$/);
    const names = Array.from({ length: 400 }, (_, index) => alertOf({ alertname: `Alert${index}` }));
    expect(await reasonOf(...names)).toHaveLength(300);
  });
});
