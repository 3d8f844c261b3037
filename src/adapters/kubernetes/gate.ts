import type { V1Deployment } from '@kubernetes/client-node';
import { failureTypes } from '../../domain/failures.ts';
import { PortFault } from '../../ports/faults.ts';
import type { Owner } from '../../ports/workload.ts';

/**
 * Who may change a target's workloads, noted on stable's Deployment. As labels, not as annotations: Kubernetes copies a
 * Deployment's annotations to its ReplicaSets, never takes them from there again, and `kubectl rollout undo` brings
 * them back from there; it also counts a change of an annotation as a new generation.
 */
export const gateLabels = {
  /** The rollout that uses this Deployment as stable; gone when it has released it. */
  owner: 'sluice.dev/owner',
  /** The last rollout that was told to stop: what its late attempts would still make or pin is refused (S5). */
  ended: 'sluice.dev/ended',
  /** Why a rollback left stable's pod template as it found it; until `releaseStable` has said so. */
  keptTemplate: 'sluice.dev/kept-template',
} as const;

/** `changed`: somebody had set another one since; `unreadable`: somebody had spoilt the note about the one before. */
export type KeptTemplate = 'changed' | 'unreadable';

/** `free`: nobody's; `open`: this rollout's; `ended`: this rollout has stopped; `taken`: another one's. */
export type Gate =
  { readonly kind: 'free' | 'open' | 'ended' } | { readonly kind: 'taken'; readonly by: string };

export function gateOf(stable: V1Deployment, owner: Owner): Gate {
  const found = stable.metadata?.labels ?? {};
  const holder = found[gateLabels.owner];
  if (found[gateLabels.ended] === owner.rolloutId) return { kind: 'ended' };
  if (holder === undefined) return { kind: 'free' };
  return holder === owner.rolloutId ? { kind: 'open' } : { kind: 'taken', by: holder };
}

/** Throws unless the rollout may make and change things. @throws PortFault TargetTaken, StaleWrite. */
export function requireOpen(stable: V1Deployment, owner: Owner): void {
  const gate = gateOf(stable, owner);
  if (gate.kind === 'open') return;
  const name = `Deployment ${stable.metadata?.namespace ?? ''}/${stable.metadata?.name ?? ''}`;
  if (gate.kind === 'taken')
    throw new PortFault(failureTypes.TargetTaken, `${name} is used by rollout ${gate.by}`);
  const why = gate.kind === 'ended' ? 'has ended here' : 'was not secured, or somebody removed its label';
  throw new PortFault(
    failureTypes.StaleWrite,
    `${name}: rollout ${owner.rolloutId} ${why}; nothing is changed`,
  );
}

/** A merge patch that sets labels, null removes; a conflict when the Deployment has changed since it was read. */
export function labelPatch(stable: V1Deployment, labels: Readonly<Record<string, string | null>>): object {
  return { metadata: { resourceVersion: stable.metadata?.resourceVersion, labels } };
}
