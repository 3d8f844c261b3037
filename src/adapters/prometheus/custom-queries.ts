import { measuredValue, type ToldValue } from '../../domain/analysis/measurement.ts';
import type { QueriesPlan } from '../../domain/plan/metrics-plan.ts';
import type { ToldArms, ValueLook, ValueProvider } from '../../ports/values.ts';
import type { PrometheusClient } from './client.ts';

type Queries = QueriesPlan & { readonly url: string };

/** What a person's own queries answer: one sample for each arm. */
export class CustomQueries implements ValueProvider<Queries> {
  readonly #client: Pick<PrometheusClient, 'query'>;

  constructor(client: Pick<PrometheusClient, 'query'>) {
    this.#client = client;
  }

  async read(
    { url, ...queries }: Queries,
    { windowsMs, atMs }: ValueLook,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, ToldArms>> {
    const at = atMs === undefined ? {} : { atSeconds: atMs / 1000 };
    const ask = async (query: string, windowMs: number): Promise<ToldValue> => {
      // One without a window in it is the same for all windows: the client asks it once.
      const expression = query.replaceAll('$window', windowText(windowMs));
      const answer = await this.#client.query({ url, expression, ...at }, signal);
      if (answer.kind === 'providerError') return { failed: answer.why };
      if (answer.kind === 'matrix') return { failed: `${asked} a range of samples, exactly one is needed` };
      const [row, ...others] = answer.rows;
      if (row === undefined) return { missing: `${asked} nothing` };
      if (others.length > 0)
        return { failed: `${asked} ${answer.rows.length} samples, exactly one is needed` };
      return measuredValue(row.value);
    };
    const readBoth = async (windowMs: number) => {
      const [stable, canary] = await Promise.all([
        ask(queries.stable, windowMs),
        ask(queries.canary, windowMs),
      ]);
      return [windowMs, { stable, canary }] as const;
    };
    return new Map(await Promise.all(windowsMs.map(readBoth)));
  }
}

const asked = 'Prometheus: the query answers';

/** PromQL knows no fractions of a second, and no range of none. */
function windowText(windowMs: number): string {
  return `${Math.max(1, Math.round(windowMs / 1000))}s`;
}
