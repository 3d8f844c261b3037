import type { Target } from '../../domain/plan/plan.ts';
import { renderProblem } from '../../plan-file/problem.ts';
import { exitCodes } from '../exit-codes.ts';
import { mustBeIn, readPlan } from '../plan.ts';
import { CliProblem } from '../problem.ts';
import { defaultPlace } from '../rollouts/name.ts';
import type { Clue, RestoreCluster } from './cluster.ts';

/** Parts of a target as flags say them. */
export interface TargetFlags {
  readonly namespace?: string;
  readonly route?: string;
  readonly deployment?: string;
  readonly service?: string;
  readonly port?: number;
}

export interface ChosenTarget {
  readonly target: Target;
  /** The rollout's name, which only its file knows. */
  readonly rollout: string | null;
}

const parts = ['route', 'deployment', 'service', 'port'] as const;

/** @throws CliProblem when the file is refused, or is for another namespace. */
export async function targetOfFile(file: string, flags: TargetFlags): Promise<ChosenTarget> {
  const extra = parts.filter((part) => flags[part] !== undefined);
  if (extra.length > 0) {
    const found = extra.map((part) => `--${part}`).join(', ');
    throw new CliProblem(
      exitCodes.badInput,
      `The target must be named once: found the file ${file} and ${found}`,
    );
  }
  const reading = await readPlan(file);
  if (reading.kind === 'refused') {
    const lines = reading.problems.map((problem) => `  ${renderProblem(problem)}`).join('\n');
    throw new CliProblem(
      exitCodes.badInput,
      `Cannot tell the target from ${file}; nothing was changed:\n${lines}`,
      'Without a file it is found by its marks: sluice restore -n NAMESPACE',
    );
  }
  const { plan } = reading;
  mustBeIn(plan, file, flags.namespace === undefined ? {} : { namespace: flags.namespace });
  return { target: plan.target, rollout: plan.name };
}

/**
 * The target that the flags name, all of it or as much as tells it from others with a rollout's marks.
 * @returns null when no rollout has left anything in the namespace.
 * @throws CliProblem; PortFault.
 */
export async function targetOfFlags(
  cluster: Pick<RestoreCluster, 'clues'>,
  flags: TargetFlags,
): Promise<ChosenTarget | null> {
  const namespace = flags.namespace ?? defaultPlace.namespace;
  const said = targetOf(namespace, { ...flags });
  if (said !== null) return { target: said, rollout: null };
  const clues = await cluster.clues(namespace);
  if (clues === null) {
    throw new CliProblem(
      exitCodes.notFound,
      `Namespace ${namespace} has neither an HTTPRoute nor a Deployment`,
      'Is it the right namespace (-n) of the right cluster (--context)?',
    );
  }
  if (clues.length === 0) return null;
  const fitting = unique(
    clues.filter((clue) => fits(clue, flags)).map((clue) => ({ ...clue, ...given(flags) })),
  );
  const [clue, ...others] = fitting;
  if (clue === undefined) {
    const found = unique(clues).map(describe).join('\n  ');
    throw new CliProblem(exitCodes.notFound, `No rollout has marks on such a target; found:\n  ${found}`);
  }
  if (others.length > 0) {
    throw new CliProblem(
      exitCodes.badInput,
      `Rollouts have marks on several targets in ${namespace}; nothing was changed:\n  ${fitting.map(describe).join('\n  ')}`,
      'Choose one with --route, --deployment or --service.',
    );
  }
  const target = targetOf(namespace, clue);
  if (target === null) {
    const missing = parts.filter((part) => clue[part] === null).map((part) => `--${part}`);
    throw new CliProblem(
      exitCodes.badInput,
      `The marks do not tell the whole target; found ${describe(clue)}`,
      `Give ${missing.join(' and ')} too, or the rollout file.`,
    );
  }
  return { target, rollout: null };
}

type Parts = { readonly [Part in (typeof parts)[number]]?: Clue[Part] | undefined };

function targetOf(namespace: string, { route, deployment, service, port }: Parts): Target | null {
  if (!route || !deployment || !service || !port) return null;
  return {
    cluster: defaultPlace.cluster,
    namespace,
    workload: { kind: 'Deployment', name: deployment },
    service: { name: service, port },
    router: { kind: 'HTTPRoute', name: route },
  };
}

function fits(clue: Clue, flags: TargetFlags): boolean {
  return parts.every(
    (part) => flags[part] === undefined || clue[part] === null || clue[part] === flags[part],
  );
}

function given(flags: TargetFlags): Partial<Clue> {
  return Object.fromEntries(
    parts.flatMap((part) => (flags[part] === undefined ? [] : [[part, flags[part]]])),
  );
}

/** Two rollouts may have left marks on one target. */
function unique(clues: readonly Clue[]): Clue[] {
  return [...new Map(clues.map((clue) => [JSON.stringify(parts.map((part) => clue[part])), clue])).values()];
}

function describe(clue: Clue): string {
  const { route, deployment, service, port, rolloutId } = clue;
  const words = [
    `--route ${route ?? '?'}`,
    `--deployment ${deployment ?? '?'}`,
    `--service ${service ?? '?'}`,
    `--port ${port ?? '?'}`,
  ];
  return `${words.join(' ')} (rollout ${rolloutId})`;
}
