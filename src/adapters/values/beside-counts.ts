import type { ArmValues, Measurement, ToldValue } from '../../domain/analysis/measurement.ts';
import { customName, isCounted, isValue, type ValueName } from '../../domain/metrics/metrics.ts';
import type {
  AddressesPlan,
  CustomMetricPlan,
  MetricsPlan,
  QueriesPlan,
  ValuesFilePlan,
} from '../../domain/plan/metrics-plan.ts';
import type { Target } from '../../domain/plan/plan.ts';
import type { Look, MetricsPort } from '../../ports/metrics.ts';
import type { ToldArms, ValueLook, ValueProvider } from '../../ports/values.ts';

/** A target's pods, and the Prometheus that knows them. */
export interface PodsSource {
  readonly url: string;
  readonly target: Target;
}

/** Who tells what. */
export interface ValueProviders {
  readonly gpu: ValueProvider<PodsSource>;
  readonly prometheus: ValueProvider<QueriesPlan & { readonly url: string }>;
  readonly web: ValueProvider<AddressesPlan>;
  readonly file: ValueProvider<ValuesFilePlan>;
}

type ByWindow = ReadonlyMap<number, ToldArms>;

/** Counts, and beside them the values that others tell. None of them keeps another from being told. */
export class ValuesBesideCounts implements MetricsPort {
  readonly #counts: MetricsPort;
  readonly #providers: ValueProviders;

  constructor(counts: MetricsPort, providers: ValueProviders) {
    this.#counts = counts;
    this.#providers = providers;
  }

  async measure(
    plan: MetricsPlan,
    target: Target,
    look: Look,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, Measurement>> {
    const { names, windowsMs, valueWindowsMs = windowsMs, atMs } = look;
    const asked: ValueLook = { windowsMs: valueWindowsMs, ...(atMs === undefined ? {} : { atMs }) };
    const [counts, ...told] = await Promise.all([
      this.#counts.measure(plan, target, { ...look, names: names.filter(isCounted) }, signal),
      ...names.filter(isValue).map(async (name) => {
        return [name, await this.#tell(name, plan, target, asked, signal)] as const;
      }),
    ]);
    return new Map([...counts].map(([windowMs, it]) => [windowMs, beside(it, told, windowMs)]));
  }

  #tell(
    name: ValueName,
    plan: MetricsPlan,
    target: Target,
    look: ValueLook,
    signal: AbortSignal,
  ): Promise<ByWindow> {
    const { url } = plan.prometheus;
    if (name === 'gpu-utilisation') return this.#providers.gpu.read({ url, target }, look, signal);
    const metric = plan.custom.find((it) => customName(it.name) === name);
    return metric === undefined ? Promise.resolve(new Map()) : this.#custom(metric, url, look, signal);
  }

  #custom(metric: CustomMetricPlan, url: string, look: ValueLook, signal: AbortSignal): Promise<ByWindow> {
    const { prometheus, web, file } = this.#providers;
    if ('prometheus' in metric) return prometheus.read({ ...metric.prometheus, url }, look, signal);
    return 'web' in metric ? web.read(metric.web, look, signal) : file.read(metric.file, look, signal);
  }
}

function beside(
  counts: Measurement,
  told: readonly (readonly [ValueName, ByWindow])[],
  windowMs: number,
): Measurement {
  const values = { stable: armOf('stable', told, windowMs), canary: armOf('canary', told, windowMs) };
  if (counts.kind === 'providerError') return { ...counts, values };
  const { stable, canary } = counts;
  return {
    ...counts,
    stable: { ...stable, ...values.stable },
    canary: { ...canary, ...values.canary },
  };
}

function armOf(
  arm: keyof ToldArms,
  told: readonly (readonly [ValueName, ByWindow])[],
  windowMs: number,
): ArmValues {
  const all = told.flatMap(([name, byWindow]): [ValueName, ToldValue][] => {
    const found = byWindow.get(windowMs);
    return found === undefined ? [] : [[name, found[arm]]];
  });
  return Object.fromEntries(all);
}
