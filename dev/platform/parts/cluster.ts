import path from 'node:path';
import type { Part } from '../part.ts';
import { kubectlProbe } from './kubectl-probe.ts';

const manifests = path.resolve(import.meta.dirname, '../manifests');

/** Objects in the cluster that the other parts rely on. */
export const clusterObjects: readonly Part[] = [
  {
    kind: 'manifests',
    name: 'access',
    about: 'Rights (RBAC) of the platform’s own users.',
    needs: ['kube-apiserver'],
    manifests: () => [path.join(manifests, 'access.yaml')],
    health: (context) => kubectlProbe(context, 'get', 'clusterrolebinding', 'sluice:prometheus'),
  },
  {
    kind: 'manifests',
    name: 'coredns',
    about: 'Names of Services, as pods in the cluster.',
    needs: ['images', 'kubelet', 'kube-proxy', 'kube-controller-manager', 'kube-scheduler'],
    manifests: () => [path.join(manifests, 'coredns.yaml')],
    health: (context) =>
      kubectlProbe(
        context,
        '--namespace=kube-system',
        'rollout',
        'status',
        '--timeout=2s',
        'deployment/coredns',
      ),
  },
];
