import { KubernetesFault } from '../../adapters/kubernetes-api/faults.ts';
import { PortFault } from '../../ports/faults.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';

export const kubeconfigHint =
  'Set KUBECONFIG to a kubeconfig of the cluster, and --context to one of its contexts where the current one is another.';

/**
 * What to show for an error of the cluster; any other error stays as it is.
 * @param place which cluster, for people.
 */
export function clusterProblem(error: unknown, place: string): unknown {
  if (!(error instanceof PortFault)) return error;
  const code = error instanceof KubernetesFault ? (error.answer?.code ?? null) : undefined;
  const problem = (message: string, hint: string) =>
    new CliProblem(exitCodes.unexpected, message, hint, error);
  if (code === null)
    return problem(`Kubernetes does not answer (${place}): ${error.message}`, kubeconfigHint);
  if (code === 401)
    return problem(`Kubernetes does not know who asks (${place}): ${error.message}`, kubeconfigHint);
  if (code === 403) {
    return problem(
      `Kubernetes refuses (${place}): ${error.message}`,
      'Ask for the right, or use an account that has it.',
    );
  }
  return problem(`Kubernetes (${place}): ${error.message}`, '');
}
