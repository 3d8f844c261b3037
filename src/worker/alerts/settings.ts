import { readFileSync } from 'node:fs';

export const alertActions = ['abort', 'hold'] as const;
/** What an alert does to its rollout. */
export type AlertAction = (typeof alertActions)[number];

export interface AlertSettings {
  /**
   * The bearer token that Alertmanager sends. SLUICE_WEBHOOK_TOKEN_FILE is read anew each time, so that a changed Secret
   * counts without a restart.
   * @throws when the file cannot be read any more, or holds no token.
   */
  readonly readToken: () => string;
  /** SLUICE_ALERT_ACTION: for alerts without the label `sluice_action`. @default 'abort' */
  readonly action: AlertAction;
}

/** Hears of a variable that is wrong. `found` must not hold the token. */
export type Refuse = (variable: string, found: string, allowed: string) => void;

const token = /^[\x21-\x7e]{16,4096}$/;
const aToken = 'a token of 16 or more visible ASCII characters, no blanks';

/** @returns null when no token is set: alerts are not taken then. */
export function readAlertSettings(env: NodeJS.ProcessEnv, refuse: Refuse): AlertSettings | null {
  const { SLUICE_WEBHOOK_TOKEN: text = '', SLUICE_WEBHOOK_TOKEN_FILE: file = '' } = env;
  const action = readAction(env['SLUICE_ALERT_ACTION'] ?? '', refuse);
  if (text !== '' && file !== '') {
    refuse('SLUICE_WEBHOOK_TOKEN', 'both', 'unset where SLUICE_WEBHOOK_TOKEN_FILE is set');
    return null;
  }
  if (text !== '') {
    if (!token.test(text)) refuse('SLUICE_WEBHOOK_TOKEN', sizeOf(text), aToken);
    return { readToken: () => text, action };
  }
  if (file === '') return null;
  try {
    tokenIn(file);
  } catch (error) {
    refuse('SLUICE_WEBHOOK_TOKEN_FILE', whyOf(error), `a readable file with ${aToken}`);
  }
  return { readToken: () => tokenIn(file), action };
}

function readAction(text: string, refuse: Refuse): AlertAction {
  if (text === '') return 'abort';
  const action = alertActions.find((it) => it === text);
  if (action === undefined) refuse('SLUICE_ALERT_ACTION', text, alertActions.join(' or '));
  return action ?? 'abort';
}

/** Files that people write end in a newline. */
function tokenIn(file: string): string {
  const text = readFileSync(file, 'utf8').trim();
  if (!token.test(text)) throw new Error(`${file} with ${sizeOf(text)}`);
  return text;
}

function sizeOf(text: string): string {
  return `a text of ${text.length} characters`;
}

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
