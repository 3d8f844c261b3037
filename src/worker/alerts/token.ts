import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether a header is `Bearer <token>`. Takes as long for a token that is nearly right as for any other: digests of one
 * length are compared, all of them.
 */
export function carriesToken(authorization: string | undefined, token: string): boolean {
  const [, given] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
