import { z } from 'zod';

/** What of a notification is told when it is refused; the rest is counted. */
const mostProblems = 5;
const longestQuote = 80;

const texts = (what: string) =>
  z.record(z.string(), z.string({ error: 'a text' }), { error: `a map of ${what}, all of them texts` });

const Alert = z.object(
  {
    status: z.enum(['firing', 'resolved'], { error: '"firing" or "resolved"' }),
    labels: texts('labels'),
    annotations: texts('annotations').default({}),
    startsAt: z.iso.datetime({ offset: true, error: 'a time such as "2026-11-21T10:00:00Z"' }),
    /** Alertmanager's hash of the labels: the same for the same alert, however often it fires. */
    fingerprint: z
      .string({ error: 'a text of 1 to 64 characters' })
      .min(1, { error: 'a text of 1 to 64 characters' })
      .max(64, { error: 'a text of 1 to 64 characters' }),
  },
  { error: 'a map: an alert' },
);

const Notification = z.object(
  {
    version: z.literal('4', { error: '"4", the format of Alertmanager’s webhook' }),
    alerts: z.array(Alert, { error: 'a list of alerts' }),
    /** How many alerts Alertmanager left out because of `max_alerts`. */
    truncatedAlerts: z.number({ error: 'a number' }).default(0),
  },
  { error: 'a map: a notification of Alertmanager' },
);

/** One alert, as Alertmanager sends it; of its fields only those that are used. */
export type Alert = z.infer<typeof Alert>;

/**
 * What Alertmanager POSTs to a webhook, format version 4
 * (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).
 */
export type Notification = z.infer<typeof Notification>;

export type NotificationReading =
  | { readonly kind: 'ok'; readonly notification: Notification }
  /** One sentence with every problem, the first few in full. */
  | { readonly kind: 'refused'; readonly problem: string };

/** Checks a body at the border; fields that are not used here may be anything. */
export function readNotification(body: unknown): NotificationReading {
  const reading = Notification.safeParse(body);
  if (reading.success) return { kind: 'ok', notification: reading.data };
  const problems = reading.error.issues.map(
    ({ path, message }) => `${nameOf(path)} must be ${message}: found ${found(valueAt(body, path))}`,
  );
  const more = problems.length - mostProblems;
  const shown = problems.slice(0, mostProblems).join('; ');
  return { kind: 'refused', problem: more > 0 ? `${shown}; and ${more} more` : shown };
}

/** `alerts[0].labels.severity`; the body itself has no name. */
function nameOf(path: readonly PropertyKey[]): string {
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return name === '' ? 'the body' : shorten(name.replace(/^\./, ''));
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  let value = body;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

function found(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return JSON.stringify(typeof value === 'string' ? shorten(value) : value);
}

function shorten(text: string): string {
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote)}…`;
}
