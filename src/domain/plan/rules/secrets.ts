/** What must not be in a plan, which is kept in the history of its workflow (S12). */

/** By its name, of a header or of a part of a query; what a value is nobody can tell. */
const namesOfSecrets = /auth|cookie|token|secret|password|credential|signature|api-?_?key|access-?_?key/i;
const wholeNames = /^(?:key|sig|pwd|pass)$/i;

export function holdsSecret(name: string): boolean {
  return namesOfSecrets.test(name) || wholeNames.test(name);
}

/** What keys of well-known services begin with; AWS's secret ones are 40 letters and digits. */
const wellKnown =
  /^(?:sk|pk|rk|hf|gsk|ghp|gho|glpat|xai|nvapi|pplx)[-_][-\w]{16,}$|^(?:AKIA|ASIA)[A-Z0-9]{16}$|^(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/]{40}$|^AIza[-\w]{30,}$|^eyJ[-\w.]{30,}$/;
const bearer = /^bearer\s/i;
/** One word of 32 letters and digits or more: nobody gives such names. */
const oneLongWord = /^(?=(?:\D*\d){4})[A-Za-z0-9+/=]{32,}$/;

/** A text that is probably a key itself, rather than the name of one. */
export function looksLikeSecret(text: string): boolean {
  return bearer.test(text) || wellKnown.test(text) || oneLongWord.test(text);
}
