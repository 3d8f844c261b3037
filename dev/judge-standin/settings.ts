import { parseBehaviour, type BehaviourPatch } from './behaviour.ts';
import type { JudgeStandinOptions } from './server.ts';

/** Either the options or every problem, each naming its variable. */
export type ParsedSettings =
  | { readonly kind: 'ok'; readonly options: JudgeStandinOptions }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

const highestPort = 65_535;

/** Reads the environment variables of README.md. An empty one counts as absent. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): ParsedSettings {
  const problems: string[] = [];
  const text = (name: string, preset: string): string => {
    const written = environment[name] ?? '';
    return written === '' ? preset : written;
  };
  const port = (name: string, preset: number): number => {
    const written = text(name, String(preset));
    if (/^\d{1,5}$/.test(written) && Number(written) <= highestPort) return Number(written);
    problems.push(`${name} must be a port from 0 to ${highestPort}, found ${JSON.stringify(written)}`);
    return preset;
  };
  const options = {
    ...{ host: text('HOST', '0.0.0.0'), port: port('PORT', 8000), adminPort: port('ADMIN_PORT', 8001) },
    model: text('MODEL_NAME', 'judge-standin'),
    behaviour: behaviourOf(text('BEHAVIOUR', '{}'), text('API_KEY', ''), problems),
  };
  return problems.length === 0 ? { kind: 'ok', options } : { kind: 'refused', problems };
}

function behaviourOf(written: string, apiKey: string, problems: string[]): BehaviourPatch {
  let given: unknown;
  try {
    given = JSON.parse(written);
  } catch (error) {
    problems.push(`BEHAVIOUR must be JSON: ${String(error)}`);
    return {};
  }
  const parsed = parseBehaviour(apiKey === '' ? {} : { apiKey }, given);
  if (parsed.kind === 'ok') return parsed.behaviour;
  problems.push(...parsed.problems.map((problem) => `BEHAVIOUR: ${problem}`));
  return {};
}
