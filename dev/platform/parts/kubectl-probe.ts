import type { Context } from '../part.ts';
import type { Probe } from '../probe.ts';

/** Healthy when kubectl, as the cluster's admin, exits 0. */
export function kubectlProbe({ paths }: Context, ...args: readonly string[]): Probe {
  return { kind: 'command', argv: ['kubectl', '--kubeconfig', paths.adminKubeconfig, ...args], inBox: false };
}

/** As {@link kubectlProbe}, for a condition: it is asked for again and again, so each asking is short. */
export function conditionProbe(context: Context, condition: string, ...args: readonly string[]): Probe {
  return kubectlProbe(context, 'wait', `--for=condition=${condition}`, '--timeout=2s', ...args);
}
