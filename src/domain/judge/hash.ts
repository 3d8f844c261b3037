/**
 * A number from 0 to 2^32 - 1 that a text always gets, and another text hardly ever: FNV-1a
 * (http://www.isthe.com/chongo/tech/comp/fnv/), stirred by MurmurHash3's finaliser, without which texts that differ in
 * their last character, as ids do, keep their order.
 */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
