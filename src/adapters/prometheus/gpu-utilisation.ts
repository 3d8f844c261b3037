import { measuredValue, type ToldValue } from '../../domain/analysis/measurement.ts';
import type { Target } from '../../domain/plan/plan.ts';
import { canaryWorkloadName } from '../../domain/rollout/naming.ts';
import type { ToldArms, ValueLook, ValueProvider } from '../../ports/values.ts';
import type { PrometheusClient } from './client.ts';
import { podNamePattern } from './pod-names.ts';
import { armLabel, set, sourceLabel, windowLabel } from './queries.ts';
import type { Row } from './schema.ts';
import type { Arm } from './source.ts';

/** The first that an arm has is taken. Parts of a GPU (MIG) have no utilisation, but how long they computed at all. */
const gauges = [
  { name: 'DCGM_FI_DEV_GPU_UTIL', full: 100 },
  { name: 'DCGM_FI_PROF_GR_ENGINE_ACTIVE', full: 1 },
] as const;

/**
 * The exporter's own pod is `pod` where Prometheus keeps its own labels (honorLabels: false, its default); then the pod
 * that has the GPU is `exported_pod`.
 */
const podLabels = [
  { namespace: 'namespace', pod: 'pod' },
  { namespace: 'exported_namespace', pod: 'exported_pod' },
] as const;

interface Source {
  readonly url: string;
  readonly target: Target;
}

/** How busy the GPUs of each arm's pods were: their mean over the window, as DCGM's exporter tells it. */
export class GpuUtilisation implements ValueProvider<Source> {
  readonly #client: Pick<PrometheusClient, 'query'>;

  constructor(client: Pick<PrometheusClient, 'query'>) {
    this.#client = client;
  }

  /** One query for everything. */
  async read(
    { url, target }: Source,
    { windowsMs, atMs }: ValueLook,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, ToldArms>> {
    const expression = gpuQuery(target, windowsMs);
    const at = atMs === undefined ? {} : { atSeconds: atMs / 1000 };
    const answer = await this.#client.query({ url, expression, ...at }, signal);
    const tell = (windowMs: number, arm: Arm): ToldValue => {
      if (answer.kind === 'vector') return valueIn(answer.rows, windowMs, arm);
      return { failed: answer.kind === 'providerError' ? answer.why : 'Prometheus: answered with a matrix' };
    };
    return new Map(windowsMs.map((it) => [it, { stable: tell(it, 'stable'), canary: tell(it, 'canary') }]));
  }
}

function valueIn(rows: readonly Row[], windowMs: number, arm: Arm): ToldValue {
  for (const { name, full } of gauges) {
    const row = rows.find(
      ({ labels }) =>
        labels[windowLabel] === String(windowMs) && labels[armLabel] === arm && labels[sourceLabel] === name,
    );
    if (row !== undefined) return measuredValue(row.value / full);
  }
  const called = arm === 'canary' ? 'the canary' : 'stable';
  return { missing: `${called} has no series ${gauges.map((it) => it.name).join(' and no ')}` };
}

function gpuQuery({ namespace, ...target }: Target, windowsMs: readonly number[]): string {
  const arms = {
    stable: podNamePattern(target.workload.name),
    canary: podNamePattern(canaryWorkloadName({ namespace, ...target })),
  };
  const meanOf = (arm: Arm, name: string, windowMs: number) => {
    const gpus = podLabels.map((labels) => {
      const ofPods = `${labels.namespace}=${JSON.stringify(namespace)},${labels.pod}=~${JSON.stringify(arms[arm])}`;
      return `avg_over_time(${name}{${ofPods}}[${Math.max(1, Math.round(windowMs))}ms])`;
    });
    const about = { [armLabel]: arm, [sourceLabel]: name, [windowLabel]: String(windowMs) };
    return Object.entries(about).reduce(
      (inner, [label, value]) => set(label, value, inner),
      `avg(${gpus.join(' or ')})`,
    );
  };
  return windowsMs
    .flatMap((windowMs) =>
      gauges.flatMap(({ name }) => (['stable', 'canary'] as const).map((arm) => meanOf(arm, name, windowMs))),
    )
    .join(' or ');
}
