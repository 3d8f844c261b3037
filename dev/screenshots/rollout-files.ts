import { parse, stringify } from 'yaml';
import { rolloutFile, type DemoRelease } from '../demo/rollout-file.ts';

/** As the pictures call the cluster; nothing else is rolled out there, so lists can be narrowed to it. */
export const cluster = 'prod-eu';

/** The parts of the demo's rollout file that are others here. */
interface RolloutFile {
  readonly metadata: object;
  readonly spec: { readonly phases: readonly Phase[]; readonly guards?: readonly Metric[] };
}
interface Metric {
  readonly metric: string;
}
interface Phase {
  readonly weight: number;
  readonly bake: string;
  readonly gates?: readonly Metric[];
}

/**
 * The demo's rollout in a namespace of the pictures. It looks at errors only: the p99 of a few requests on a busy
 * machine says nothing, and pictures are not about it.
 */
export function quickFile(namespace: string, release: DemoRelease, prometheusUrl: string): string {
  const { metadata, spec, ...file } = parse(rolloutFile(release, prometheusUrl)) as RolloutFile;
  const errorsOnly = (list: readonly Metric[] = []) => list.filter((it) => it.metric === 'error-rate');
  const phases = spec.phases.map((phase) => ({ ...phase, gates: errorsOnly(phase.gates) }));
  return stringify({
    ...file,
    metadata: { ...metadata, namespace, cluster },
    spec: { ...spec, phases, guards: errorsOnly(spec.guards) },
  });
}

/** Of the default plan. */
const bakes = ['1h', '2h', '4h', '0s'];

/**
 * The same with durations and guards of the default plan, so that a picture can be taken at leisure.
 * @param firstGates what the first phase asks for; the others ask for nothing.
 */
export function patientFile(
  namespace: string,
  release: DemoRelease,
  prometheusUrl: string,
  firstGates: readonly object[] = [],
): string {
  const file = parse(quickFile(namespace, release, prometheusUrl)) as RolloutFile;
  const phases = file.spec.phases.map(({ weight }, index) => {
    return { weight, bake: bakes[index], gates: index === 0 ? firstGates : [] };
  });
  const spec = { ...file.spec, phases, guards: undefined, guardInterval: '5s', keepOld: '24h' };
  return stringify({ ...file, spec });
}
