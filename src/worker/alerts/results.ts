/** What comes of an alert; docs/alerts.md has a sentence for each. */
export const alertResults = [
  'aborted',
  'held',
  'older',
  'seen',
  'resolved',
  'noRollout',
  'refused',
  'unaddressed',
  'unanswered',
] as const;
export type AlertResult = (typeof alertResults)[number];

/** What comes of a request before its alerts are known. */
export const requestResults = ['unauthorized', 'invalid'] as const;
export type RequestResult = (typeof requestResults)[number];
