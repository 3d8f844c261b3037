import type { RolloutState } from '../../../src/domain/rollout/state.ts';
import type { Found, Obedience, RunningRollouts } from '../../../src/worker/alerts/running-rollouts.ts';
import type { Command } from '../../../src/workflows/messages.ts';
import { baking, startedAtMs } from '../../support/cli-states.ts';

const minute = 60_000;

/** Minutes after the rollout's start, as Alertmanager writes times. */
export const after = (minutes: number): string => new Date(startedAtMs + minutes * minute).toISOString();

/** An alert about the rollout of cli-states.ts, which fires ten minutes after its start, as Alertmanager sends it. */
export function alertOf(labels: Record<string, string> = {}, more: object = {}) {
  return {
    status: 'firing' as const,
    labels: { alertname: 'VllmErrors', sluice_rollout: 'vllm', namespace: 'llm', ...labels },
    annotations: { summary: '5 % of the requests fail', description: 'not to be told' },
    startsAt: after(10),
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus/graph?g0.expr=up',
    fingerprint: 'd1f3a5b7c9e1f3a5',
    ...more,
  };
}

/** A notification, as Alertmanager sends it. */
export const notificationOf = (...alerts: readonly object[]) => ({
  version: '4',
  groupKey: '{}:{}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'sluice',
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
  alerts,
});

/** The rollout of cli-states.ts, running; notes what it is told. Replace a method to make it behave otherwise. */
export class FakeRollouts implements RunningRollouts {
  readonly told: ({ what: 'abort' | 'hold'; rollout: string; orderId?: string } & Command)[] = [];
  events: RolloutState['events'] = baking.events;
  obedience: Obedience = { kind: 'done' };

  find(rollout: string): Promise<Found> {
    const run = { rollout, rolloutId: '0199-run', startedAtMs };
    return Promise.resolve(
      rollout === 'rollout/default/llm/vllm' ? { kind: 'running', run } : { kind: 'none', why: 'none' },
    );
  }

  state(): Promise<RolloutState> {
    return Promise.resolve({ ...baking, events: this.events });
  }

  abort({ rollout }: { rollout: string }, command: Command): Promise<Obedience> {
    this.told.push({ what: 'abort', rollout, ...command });
    return Promise.resolve(this.obedience);
  }

  hold({ rollout }: { rollout: string }, command: Command, orderId: string): Promise<Obedience> {
    this.told.push({ what: 'hold', rollout, orderId, ...command });
    return Promise.resolve(this.obedience);
  }
}
