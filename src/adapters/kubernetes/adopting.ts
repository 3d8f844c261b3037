import type { V1Deployment } from '@kubernetes/client-node';
import { failureTypes } from '../../domain/failures.ts';
import type { Release, Target } from '../../domain/plan/plan.ts';
import { PortFault } from '../../ports/faults.ts';
import type { Owner } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import type { AdoptionNote, BeforeNote } from './before-note.ts';
import { requireOpen } from './gate.ts';
import { templateDigest } from './template.ts';
import type { Patience } from './wait.ts';

/** What every step of an adoption is given. */
export interface Adopting extends Patience {
  readonly api: KubernetesApi;
  readonly target: Target;
  readonly release: Release;
  readonly owner: Owner;
  /** Told how far it is. */
  readonly show: (step: string) => void;
}

/** A note of an adoption. */
export type AdoptingNote = BeforeNote & { readonly adoption: AdoptionNote };

/**
 * Stable, when this rollout may still change things. Asked before each write that carries no resourceVersion of stable.
 * @throws PortFault StaleWrite, TargetTaken, Refused.
 */
export async function requireStillOpen({ api, target, owner }: Adopting): Promise<V1Deployment> {
  const stable = await api.read(kinds.deployment, target.namespace, target.workload.name);
  requireOpen(stable, owner);
  return stable;
}

/**
 * {@link requireStillOpen}, when stable has the release as it was written.
 * @throws PortFault ForeignChange when somebody has set another template since.
 */
export async function requireRelease(it: Adopting, note: AdoptingNote): Promise<V1Deployment> {
  const stable = await requireStillOpen(it);
  if (templateDigest(stable.spec?.template) === note.release) return stable;
  throw changedTemplate(it);
}

/** Stable is neither as it was nor as the release makes it. */
export function changedTemplate({ target: { namespace, workload } }: Adopting): PortFault {
  return new PortFault(
    failureTypes.ForeignChange,
    `Deployment ${namespace}/${workload.name}: somebody changed its pod template while it was given the canary's pods`,
  );
}
