/** Failure types that cross the activity boundary; whether a retry helps is decided by the type. */
export const failureTypes = {
  /** The plan cannot be run against this target; a person must change something. */
  PreflightFailed: 'PreflightFailed',
  /** Another rollout owns the route (S11). */
  TargetTaken: 'TargetTaken',
  /** A later write was there already (S4): this attempt is late and must stop. */
  StaleWrite: 'StaleWrite',
  /** Somebody else changed what this rollout owns (S10). */
  ForeignChange: 'ForeignChange',
  /** The API server refused for good: 401, 403, 404 of the target, 422. */
  Refused: 'Refused',
  /** It may work the next time: 409, 429, 5xx, no answer. */
  Unavailable: 'Unavailable',
  /** The canary did not become ready in time. */
  CanaryNotReady: 'CanaryNotReady',
  /** Stable has the release's template, and its new pods did not become ready in time. */
  StableNotReady: 'StableNotReady',
  /** The traffic cannot go back now: nobody would serve it (S1). */
  NoStablePod: 'NoStablePod',
} as const;

export type FailureType = (typeof failureTypes)[keyof typeof failureTypes];

/** Types after which a retry of the same call cannot help. */
export const finalFailures: readonly FailureType[] = [
  failureTypes.PreflightFailed,
  failureTypes.TargetTaken,
  failureTypes.StaleWrite,
  failureTypes.ForeignChange,
  failureTypes.Refused,
  failureTypes.CanaryNotReady,
  failureTypes.StableNotReady,
  failureTypes.NoStablePod,
];
