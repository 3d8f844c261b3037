/**
 * Masks what is personal or secret in a text: e-mail addresses, keys and tokens, card numbers, IP addresses and phone
 * numbers, each by its kind in brackets. It knows forms, not meanings: names of people and places stay, and a number that
 * looks like a phone number goes.
 */
export function redact(text: string): string {
  return masks.reduce((masked, { pattern, as }) => masked.replaceAll(pattern, as), text);
}

interface Mask {
  readonly pattern: RegExp;
  /** What stands there then; given the whole match, it may leave it as it is. */
  readonly as: (found: string, ...groups: string[]) => string;
}

/** Secrets first: a key may hold what looks like a phone number; cards before phones for the same reason. */
const masks: readonly Mask[] = [
  {
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs,
    as: () => '[secret]',
  },
  // JSON Web Tokens.
  { pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, as: () => '[secret]' },
  // Keys that say by their beginning whose they are: OpenAI and its like, GitHub, GitLab, Hugging Face, Slack, AWS, Google.
  {
    pattern:
      /\b(?:[sr]k[-_][\w-]{16,}|gh[oprsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|hf_\w{16,}|xox[a-z]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,}|nvapi-[\w-]{16,})/g,
    as: () => '[secret]',
  },
  { pattern: /\b(bearer|basic)\s+[\w.~+/-]{8,}=*/gi, as: (_found, scheme = '') => `${scheme} [secret]` },
  // What somebody calls a secret is one; a user and password in an address, too.
  {
    pattern:
      /\b(api[-_ ]?key|access[-_ ]?key|secret|token|passwor[dt]|passwd|pwd)(["']?\s*[:=]\s*["']?)([^\s"',;&]{4,})/gi,
    as: (_found, name = '', between = '') => `${name}${between}[secret]`,
  },
  {
    pattern: /\b([a-z][a-z\d+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi,
    as: (_found, scheme = '') => `${scheme}[secret]@`,
  },
  // Long runs of letters and digits that no language writes.
  { pattern: /\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{40,}/g, as: () => '[secret]' },
  {
    pattern: /[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.)+\p{L}{2,24}/gu,
    as: () => '[email]',
  },
  {
    pattern: /(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.]*\d)/g,
    as: (found) => (isCard(found.replaceAll(/\D/g, '')) ? '[card]' : found),
  },
  {
    pattern: /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d)/g,
    as: () => '[ip]',
  },
  // At least two groups and a double colon, or all eight: a time such as 10:15:30 is none.
  {
    pattern:
      /(?<![\w:.])(?:(?:[\da-f]{1,4}:){7}[\da-f]{1,4}|(?:[\da-f]{1,4}:){1,6}(?::[\da-f]{1,4}){1,6})(?![\w:])/gi,
    as: () => '[ip]',
  },
  // With a country's number in front, or as people write them at home, at least nine digits behind a 0.
  { pattern: /(?<![\w+])(?:\+|00)[1-9](?:[ ./()-]{0,3}\d){6,14}(?!\d)/g, as: () => '[phone]' },
  {
    pattern: /(?<![\w+.])\(?0\d{1,4}\)?[ ./-]\d{2,}(?:[ ./-]?\d{2,})*(?!\d)/g,
    as: (found) => (digitsOf(found) >= 9 ? '[phone]' : found),
  },
  { pattern: /(?<![\w+.-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\d-])/g, as: () => '[phone]' },
];

function digitsOf(text: string): number {
  return text.replaceAll(/\D/g, '').length;
}

/** The checksum of card numbers (Luhn; ISO/IEC 7812-1, annex B). */
function isCard(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
