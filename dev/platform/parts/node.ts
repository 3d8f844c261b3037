import path from 'node:path';
import { stringify } from 'yaml';
import { kubeconfigOf } from '../certificates.ts';
import { imageNames } from '../images.ts';
import type { Context, Part } from '../part.ts';
import { conditionProbe } from './kubectl-probe.ts';
import { dnsServiceAddress } from '../settings.ts';

/** containerd's socket; /run is private to the platform, so the usual place is free. */
export const containerdSocket = '/run/containerd/containerd.sock';

const config = (context: Context, file: string) => path.join(context.paths.config, file);
const data = (context: Context, part: string) => path.join(context.paths.data, part);

/** The one node: container runtime, kubelet, and the proxy that makes Service addresses work. */
export const node: readonly Part[] = [
  {
    kind: 'process',
    name: 'containerd',
    about: 'Runs the containers.',
    needs: [],
    files: (context) => ({
      'containerd.toml': containerdConfig(context),
      'cni/10-pods.conflist': `${JSON.stringify(podNetwork(context), undefined, 2)}\n`,
    }),
    command: (context) => [
      'containerd',
      '--config',
      config(context, 'containerd.toml'),
      '--log-level',
      'warn',
    ],
    health: () => ({ kind: 'command', argv: ['ctr', '--address', containerdSocket, 'version'], inBox: true }),
  },
  {
    kind: 'images',
    name: 'images',
    about: 'The images that pods use, loaded into the node: there is no registry.',
    needs: ['containerd'],
    health: () => ({
      kind: 'command',
      argv: ['sh', '-c', imagesPresentScript()],
      inBox: true,
    }),
  },
  {
    kind: 'process',
    name: 'kubelet',
    about: 'Makes this machine a node of the cluster.',
    needs: ['containerd', 'kube-apiserver'],
    files: (context) => ({ 'kubelet.yaml': stringify(kubeletConfig(context)), 'resolv.conf': '' }),
    command: (context) => [
      'kubelet',
      `--config=${config(context, 'kubelet.yaml')}`,
      `--kubeconfig=${path.join(context.paths.kubeconfigs, 'kubelet.conf')}`,
      `--root-dir=${data(context, 'kubelet')}`,
      `--hostname-override=${context.settings.name}`,
      `--node-ip=${context.settings.nodeAddress}`,
    ],
    health: (context) => conditionProbe(context, 'Ready', `node/${context.settings.name}`),
  },
  {
    kind: 'process',
    name: 'kube-proxy',
    about: 'Leads Service addresses to pods, by iptables in the platform’s own network namespace.',
    needs: ['kube-apiserver'],
    files: (context) => ({ 'kube-proxy.yaml': stringify(proxyConfig(context)) }),
    command: (context) => [
      'kube-proxy',
      `--config=${config(context, 'kube-proxy.yaml')}`,
      `--hostname-override=${context.settings.name}`,
    ],
    health: ({ settings }) => ({ kind: 'http', url: `http://${settings.nodeAddress}:10256/healthz` }),
  },
];

function imagesPresentScript(): string {
  const names = Object.values(imageNames);
  const list = `ctr --address ${containerdSocket} --namespace k8s.io images list --quiet`;
  return names
    .map((name) => `${list} | grep -qxF ${name} || { echo "image ${name} is missing"; exit 1; }`)
    .join('\n');
}

function containerdConfig(context: Context): string {
  return `version = 2
root = "${data(context, 'containerd')}"
state = "/run/containerd"

[grpc]
  address = "${containerdSocket}"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${imageNames.pause}"
  # Inside another sandbox root may lack the right to lower its OOM score; pods would then not start at all.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${config(context, 'cni')}"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    default_runtime_name = "runc"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
`;
}

/** Point-to-point links, not a bridge: across a bridge, pod to pod by a Service address fails without br_netfilter. */
function podNetwork(context: Context) {
  return {
    cniVersion: '0.4.0',
    name: 'pods',
    plugins: [
      {
        type: 'ptp',
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: context.settings.podSubnet }]],
          routes: [{ dst: '0.0.0.0/0' }],
          // In /run: addresses that pods held before a crash are free after it.
          dataDir: '/run/cni',
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
}

function kubeletConfig(context: Context) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: { x509: { clientCAFile: path.join(context.paths.certificates, 'ca.crt') } },
    authorization: { mode: 'Webhook' },
    cgroupDriver: 'cgroupfs',
    // Pods of two platforms must not share a cgroup.
    cgroupRoot: `/${context.settings.name}`,
    failCgroupV1: false,
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    clusterDomain: 'cluster.local',
    clusterDNS: [dnsServiceAddress],
    resolvConf: config(context, 'resolv.conf'),
    volumePluginDir: data(context, 'kubelet/volume-plugins'),
    enforceNodeAllocatable: [],
    failSwapOn: false,
    localStorageCapacityIsolation: false,
    // The disk is the developer's: the platform neither evicts pods nor removes images when it fills up.
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    imageGCHighThresholdPercent: 100,
    serializeImagePulls: false,
  };
}

function proxyConfig(context: Context) {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: kubeconfigOf(context.settings, 'system:kube-proxy') },
    mode: 'iptables',
    healthzBindAddress: '0.0.0.0:10256',
    metricsBindAddress: '127.0.0.1:10249',
    // The machine's connection tracking limits are not ours to change.
    conntrack: { maxPerCore: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    // Endpoint changes reach the rules at once: a rollout watches them.
    iptables: { minSyncPeriod: '100ms', syncPeriod: '30s' },
  };
}
