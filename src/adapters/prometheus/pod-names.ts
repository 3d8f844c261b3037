/** What Kubernetes draws names from: no vowels, and none of 0, 1 and 3 (apimachinery, util/rand). */
const drawn = '[bcdfghjklmnpqrstvwxz2456789]';
/** Pod names are this long before their five drawn characters; what is longer is cut (apiserver, names/generate). */
const longestStem = 58;

/**
 * A regular expression, of RE2 and JavaScript alike, for the whole name of a pod of a Deployment:
 * `<deployment>-<hash of the template>-<5 drawn characters>`. Pods of a Deployment whose name begins with this one's,
 * as `vllm-canary` begins with `vllm`, do not match: they have a part more. Names of exactly 56 characters are the
 * exception: of `-canary` just `-c` is left then, and a hash may begin with c.
 */
export function podNamePattern(deployment: string): string {
  const name = literal(deployment.slice(0, longestStem));
  const room = longestStem - deployment.length;
  // A hash has at most ten characters; with its dashes it fits, is cut, or has no room at all.
  if (room >= 12) return `${name}-${drawn}{1,10}-${drawn}{5}`;
  return room > 0 ? `${name}-${drawn}{0,${room - 1}}-?${drawn}{5}` : `${name}${drawn}{5}`;
}

/** The text as a regular expression that matches nothing else. */
export function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
