import { describe, expect, test } from '@jest/globals';
import { readNotification } from '../../../src/worker/alerts/notification.ts';
import { alertOf, notificationOf } from './alerts.ts';

describe('a notification of Alertmanager', () => {
  test('is read; fields that are not used may be anything', () => {
    const body = { ...notificationOf(alertOf({}, { generatorURL: 7 })), receiver: null };
    expect(readNotification(body)).toEqual({
      kind: 'ok',
      notification: {
        version: '4',
        truncatedAlerts: 0,
        alerts: [
          {
            status: 'firing',
            labels: { alertname: 'VllmErrors', sluice_rollout: 'vllm', namespace: 'llm' },
            annotations: { summary: '5 % of the requests fail', description: 'not to be told' },
            startsAt: '2026-11-21T10:10:00.000Z',
            fingerprint: 'd1f3a5b7c9e1f3a5',
          },
        ],
      },
    });
  });

  test.each(['2026-11-21T10:10:00Z', '2026-11-21T10:10:00.123456789Z', '2026-11-21T12:10:00.1+02:00'])(
    'times as Go writes them: %s',
    (startsAt) => {
      expect(readNotification(notificationOf(alertOf({}, { startsAt })))).toMatchObject({ kind: 'ok' });
    },
  );

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'the body must be a map: a notification of Alertmanager: found nothing'],
    ['a list', [], 'the body must be a map: a notification of Alertmanager: found a list'],
    ['a text', 'alert', 'found "alert"'],
    [
      'another version',
      { ...notificationOf(), version: '5' },
      'version must be "4", the format of Alertmanager’s webhook: found "5"',
    ],
    ['the version as a number', { ...notificationOf(), version: 4 }, 'version must be "4"'],
    ['no alerts', { version: '4' }, 'alerts must be a list of alerts: found nothing'],
    ['an alert that is none', notificationOf('x' as never), 'alerts[0] must be a map: an alert: found "x"'],
    [
      'an unknown status',
      notificationOf(alertOf({}, { status: 'suppressed' })),
      'alerts[0].status must be "firing" or "resolved": found "suppressed"',
    ],
    [
      'a label that is no text',
      notificationOf(alertOf(), alertOf({ severity: 3 as never })),
      'alerts[1].labels.severity must be a text: found 3',
    ],
    [
      'no labels',
      notificationOf(alertOf({}, { labels: null })),
      'alerts[0].labels must be a map of labels, all of them texts: found nothing',
    ],
    [
      'a day without a time',
      notificationOf(alertOf({}, { startsAt: '2026-11-21' })),
      'alerts[0].startsAt must be a time such as "2026-11-21T10:00:00Z": found "2026-11-21"',
    ],
    [
      'no fingerprint',
      notificationOf(alertOf({}, { fingerprint: '' })),
      'alerts[0].fingerprint must be a text of 1 to 64 characters: found ""',
    ],
  ])('%s is refused, and the field is named', (_, body, problem) => {
    const reading = readNotification(body);
    expect(reading).toEqual({ kind: 'refused', problem: expect.stringContaining(problem) });
  });

  test('what is refused stays short, however much is wrong', () => {
    const alerts = Array.from({ length: 300 }, () => alertOf({}, { status: 'x'.repeat(10_000) }));
    const reading = readNotification(notificationOf(...alerts));
    expect(reading).toEqual({ kind: 'refused', problem: expect.stringMatching(/; and 295 more$/) });
    expect(JSON.stringify(reading).length).toBeLessThan(1500);
  });
});
