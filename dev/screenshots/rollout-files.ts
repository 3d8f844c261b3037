import { parse, stringify } from 'yaml';
import { standinEndpoint } from '../cluster/judges.ts';
import { imageNames } from '../platform/images.ts';
import { rolloutFile, type DemoRelease } from '../demo/rollout-file.ts';

/** As the pictures call the cluster; nothing else is rolled out there, so lists can be narrowed to it. */
export const cluster = 'prod-eu';

/** The stand-in judge of the pictures judges rightly. */
export const judgeBehaviour = 'fair';

/** The parts of the demo's rollout file that are others here. */
interface RolloutFile {
  readonly metadata: object;
  readonly spec: { readonly phases: readonly { readonly weight: number; readonly bake: string }[] };
}

/** Those of the default plan, but a machine that is too busy for a while does not end what is to be seen. */
export const patientGuards = [
  { metric: 'error-rate', max: '1%', sustainedFor: '10m' },
  { metric: 'e2e-latency', maxRatio: 3, sustainedFor: '10m' },
] as const;

/** They end a release that fails while the pictures wait for it. */
export const hastyGuards = [{ metric: 'error-rate', max: '1%', minimumSamples: 20, window: '10s' }] as const;

/** The demo's rollout in a namespace of the pictures, without gates. */
export function quickFile(
  namespace: string,
  release: DemoRelease,
  prometheusUrl: string,
  guards: readonly object[],
): string {
  const { metadata, spec, ...file } = parse(rolloutFile(release, prometheusUrl)) as RolloutFile;
  const phases = spec.phases.map((phase) => ({ ...phase, gates: [] }));
  return stringify({
    ...file,
    metadata: { ...metadata, namespace, cluster },
    spec: { ...spec, phases, guards },
  });
}

/** The same, judged by a model at 10 %; the guards do not see what is wrong with its answers. */
export function judgedFile(namespace: string, release: DemoRelease, prometheusUrl: string): string {
  const file = parse(quickFile(namespace, release, prometheusUrl, patientGuards)) as RolloutFile;
  const judge = {
    image: imageNames.judge,
    atWeights: [10],
    prompts: { configMap: { name: 'prompts', key: 'prompts.jsonl' } },
    endpoint: standinEndpoint(namespace, judgeBehaviour),
    concurrency: 16,
    requestsPerSecond: null,
    price: { inputPerMillion: 1.25, outputPerMillion: 10 },
  };
  return stringify({ ...file, spec: { ...file.spec, judge } });
}

/** Of the default plan. */
const bakes = ['1h', '2h', '4h', '0s'];

/**
 * The same with the durations of the default plan, so that a picture can be taken at leisure.
 * @param firstGates what the first phase asks for; the others ask for nothing.
 */
export function patientFile(
  namespace: string,
  release: DemoRelease,
  prometheusUrl: string,
  firstGates: readonly object[] = [],
): string {
  const file = parse(quickFile(namespace, release, prometheusUrl, patientGuards)) as RolloutFile;
  const phases = file.spec.phases.map(({ weight }, index) => {
    return { weight, bake: bakes[index], gates: index === 0 ? firstGates : [] };
  });
  const spec = { ...file.spec, phases, guardInterval: '5s', keepOld: '24h' };
  return stringify({ ...file, spec });
}
