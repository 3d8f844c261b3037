import { limitText, nameOf } from '../analysis/wording.ts';
import { span } from '../rollout/span.ts';
import type { GateProspect } from './gate-prospect.ts';
import type { PhaseProspect } from './phase-prospect.ts';
import type { Traffic } from './traffic.ts';

/** What a person should know of a plan that is about to start; one sentence each. */
export function shortcomingsOf(
  phases: readonly PhaseProspect[],
  { requestsPerSecond }: Pick<Traffic, 'requestsPerSecond'>,
): string[] {
  const at = `at ${Number(requestsPerSecond.toPrecision(2))} requests/s`;
  return eachGate(phases, (prospect) => shortcoming(prospect, at));
}

/** Gates of which stable has no numbers; one sentence each. The preflight tells of these metrics by themselves. */
export function unjudgedOf(phases: readonly PhaseProspect[]): string[] {
  return eachGate(phases, (prospect) =>
    prospect.kind === 'unknown' ? `has no numbers of stable: ${prospect.why}` : null,
  );
}

function eachGate(
  phases: readonly PhaseProspect[],
  say: (prospect: GateProspect) => string | null,
): string[] {
  return phases.flatMap(({ gates }, index) =>
    gates.flatMap(({ criterion, prospect }) => {
      const said = say(prospect);
      return said === null
        ? []
        : [`phase ${index + 1}: ${nameOf(criterion)} ${limitText(criterion)} ${said}`];
    }),
  );
}

/** null: nothing is wrong with it, or the numbers are not there at all. */
function shortcoming(prospect: GateProspect, at: string): string | null {
  switch (prospect.kind) {
    case 'passes':
    case 'unknown':
      return null;
    case 'cannotTell':
      return prospect.neededBakeMs === null
        ? 'will hardly pass, however long the bake'
        : `will hardly pass ${at}: it takes a bake of ${span(prospect.neededBakeMs)}`;
    case 'fails':
      return 'is not kept by stable itself';
  }
}
