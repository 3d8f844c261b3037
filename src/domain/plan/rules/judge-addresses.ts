/** What addresses a judge can work with: of a plan, and of whoever gives one to its program. */
import { holdsSecret } from './secrets.ts';
import { addressOf, urlText } from './values.ts';

/** What would be accepted in the place of an OpenAI-compatible endpoint's address; null: it is one. */
export function whyNoEndpoint(text: string): string | null {
  const url = addressOf(text);
  if (url?.search !== '') return `${urlText}, and without query`;
  return /\/v1(\/|$)/.test(url.pathname) ? 'the address up to /v1: leave out /v1 and what follows it' : null;
}

/** What would be accepted in the place of an S3-compatible store's address; null: it is one. */
export function whyNoStore(text: string): string | null {
  return addressOf(text)?.search === '' ? null : `${urlText}, and without query`;
}

/** What would be accepted in the place of a prompt set's address; null: it is one. */
export function whyNoPrompts(text: string): string | null {
  const url = addressOf(text);
  if (url === null) return urlText;
  const secret = [...url.searchParams.keys()].find(holdsSecret);
  return secret === undefined
    ? null
    : `an address without secrets, for a plan is kept in the history: no ${secret}`;
}
