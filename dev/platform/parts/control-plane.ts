import path from 'node:path';
import type { Context, Part } from '../part.ts';
import { ports, serviceSubnet } from '../settings.ts';

const pki = (context: Context, file: string) => path.join(context.paths.certificates, file);
const kubeconfig = (context: Context, file: string) => path.join(context.paths.kubeconfigs, file);
const data = (context: Context, part: string) => path.join(context.paths.data, part);

const etcdUrl = 'https://127.0.0.1:2379';
const etcdMetricsUrl = (context: Context) => `http://${context.settings.nodeAddress}:2381`;

/** etcd, the API server, and the two controllers that every cluster has. */
export const controlPlane: readonly Part[] = [
  {
    kind: 'process',
    name: 'etcd',
    about: 'The database of the cluster.',
    needs: [],
    command: (context) => [
      'etcd',
      `--data-dir=${data(context, 'etcd')}`,
      `--listen-client-urls=${etcdUrl}`,
      `--advertise-client-urls=${etcdUrl}`,
      '--listen-peer-urls=http://127.0.0.1:2380',
      `--listen-metrics-urls=${etcdMetricsUrl(context)}`,
      `--cert-file=${pki(context, 'etcd/server.crt')}`,
      `--key-file=${pki(context, 'etcd/server.key')}`,
      `--trusted-ca-file=${pki(context, 'etcd/ca.crt')}`,
      '--client-cert-auth',
      // Speed: a power cut may cost the data, and the next start then begins anew (state.ts).
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
    health: (context) => ({ kind: 'http', url: `${etcdMetricsUrl(context)}/readyz` }),
  },
  {
    kind: 'process',
    name: 'kube-apiserver',
    about: 'The Kubernetes API, with RBAC and admission as in any cluster.',
    needs: ['etcd'],
    command: (context) => [
      'kube-apiserver',
      `--advertise-address=${context.settings.nodeAddress}`,
      `--secure-port=${ports.kubernetes}`,
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      '--allow-privileged=true',
      `--service-cluster-ip-range=${serviceSubnet}`,
      // Else logs and exec look the node's name up, which no DNS knows.
      '--kubelet-preferred-address-types=InternalIP',
      `--client-ca-file=${pki(context, 'ca.crt')}`,
      `--tls-cert-file=${pki(context, 'apiserver.crt')}`,
      `--tls-private-key-file=${pki(context, 'apiserver.key')}`,
      `--kubelet-client-certificate=${pki(context, 'apiserver-kubelet-client.crt')}`,
      `--kubelet-client-key=${pki(context, 'apiserver-kubelet-client.key')}`,
      `--etcd-servers=${etcdUrl}`,
      `--etcd-cafile=${pki(context, 'etcd/ca.crt')}`,
      `--etcd-certfile=${pki(context, 'apiserver-etcd-client.crt')}`,
      `--etcd-keyfile=${pki(context, 'apiserver-etcd-client.key')}`,
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-key-file=${pki(context, 'sa.pub')}`,
      `--service-account-signing-key-file=${pki(context, 'sa.key')}`,
      `--proxy-client-cert-file=${pki(context, 'front-proxy-client.crt')}`,
      `--proxy-client-key-file=${pki(context, 'front-proxy-client.key')}`,
      `--requestheader-client-ca-file=${pki(context, 'front-proxy-ca.crt')}`,
      '--requestheader-allowed-names=front-proxy-client',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-username-headers=X-Remote-User',
    ],
    health: ({ settings }) => ({
      kind: 'http',
      url: `https://${settings.nodeAddress}:${ports.kubernetes}/readyz`,
    }),
    addresses: ({ settings }) => ({ Kubernetes: `https://${settings.nodeAddress}:${ports.kubernetes}` }),
  },
  {
    kind: 'process',
    name: 'kube-controller-manager',
    about: 'Makes Deployments into pods, Services into endpoints, and signs certificates.',
    needs: ['kube-apiserver'],
    command: (context) => [
      'kube-controller-manager',
      ...controllerFlags(context, 'controller-manager.conf'),
      '--use-service-account-credentials=true',
      `--root-ca-file=${pki(context, 'ca.crt')}`,
      `--service-account-private-key-file=${pki(context, 'sa.key')}`,
      `--cluster-signing-cert-file=${pki(context, 'ca.crt')}`,
      `--cluster-signing-key-file=${pki(context, 'ca.key')}`,
    ],
    health: ({ settings }) => ({ kind: 'http', url: `https://${settings.nodeAddress}:10257/healthz` }),
  },
  {
    kind: 'process',
    name: 'kube-scheduler',
    about: 'Finds the node for each pod.',
    needs: ['kube-apiserver'],
    command: (context) => ['kube-scheduler', ...controllerFlags(context, 'scheduler.conf')],
    health: ({ settings }) => ({ kind: 'http', url: `https://${settings.nodeAddress}:10259/healthz` }),
  },
];

function controllerFlags(context: Context, file: string): string[] {
  const config = kubeconfig(context, file);
  return [
    `--kubeconfig=${config}`,
    `--authentication-kubeconfig=${config}`,
    `--authorization-kubeconfig=${config}`,
    // There is one of each: an election would cost seconds at every start, and writes for ever.
    '--leader-elect=false',
  ];
}
