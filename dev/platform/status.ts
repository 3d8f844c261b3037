import { parts } from './parts/index.ts';
import { probeOnce, type Health } from './probe.ts';
import type { Running } from './start.ts';
import { logFileOf, serviceState } from './supervisor.ts';

/** One part, as `make status` shows it. */
export interface PartStatus {
  readonly name: string;
  readonly about: string;
  readonly health: Health;
  readonly log?: string;
  readonly addresses: Readonly<Record<string, string>>;
}

/** Asks every part once. */
export async function readStatus({ context, box, searchPath }: Running): Promise<PartStatus[]> {
  return Promise.all(
    parts.map(async (part) => {
      const stopped = part.kind === 'process' && !(await serviceState(context, part.name)).running;
      const health: Health = stopped
        ? { healthy: false, seen: 'its process does not run' }
        : await probeOnce(part.health(context), searchPath, box);
      const log = part.kind === 'process' ? { log: logFileOf(context, part.name) } : {};
      return {
        name: part.name,
        about: part.about,
        health,
        ...log,
        addresses: part.addresses?.(context) ?? {},
      };
    }),
  );
}
