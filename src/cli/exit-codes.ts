import type { RolloutOutcome } from '../domain/rollout/state.ts';

/** What the command's exit code says; docs/cli.md and `sluice --help` tell the same. */
export const exitCodes = {
  /** Promoted, or what was asked for is done. */
  ok: 0,
  /** Something unexpected: Temporal does not answer, or the rollout ended and needs a person. */
  unexpected: 1,
  /** Bad input, or refused: nothing was changed. */
  badInput: 2,
  /** No such rollout, or no such target. */
  notFound: 3,
  /** Rolled back: a breach, a gate, a foreign change or an error. `judge`: the canary breaks a limit. */
  rolledBack: 10,
  /** Rolled back because a person aborted. */
  aborted: 11,
  /** Held past its limit. `judge`: nobody can say whether the canary keeps the limits. */
  heldTooLong: 12,
  /** Watching ended before the rollout did; it goes on. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeHelp = `Exit codes:
    0  promoted, or done
    1  unexpected, or the rollout needs a person
    2  bad input, or refused; nothing was changed
    3  no such rollout or target
   10  rolled back; judge: the canary breaks a limit
   11  rolled back because a person aborted
   12  held past its limit; judge: inconclusive
  130  watching was interrupted, or reached its limit; the rollout goes on`;

/** The exit code of a command that watched a rollout to its end. */
export function exitCodeOf({ status, reason }: RolloutOutcome): ExitCode {
  if (status === 'promoted') return exitCodes.ok;
  if (status === 'failed') return exitCodes.unexpected;
  if (reason === 'holdLimit') return exitCodes.heldTooLong;
  return reason === 'abort' || reason === 'cancel' ? exitCodes.aborted : exitCodes.rolledBack;
}
