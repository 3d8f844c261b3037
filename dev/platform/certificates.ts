import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { exists } from '../tools/cache.ts';
import { kubernetesVersion } from '../tools/catalogue.ts';
import { pathsOf, ports, serviceSubnet, type Settings } from './settings.ts';

/** Users of the cluster beside those that kubeadm knows; their rights are in manifests/access.yaml. */
const extraUsers = ['system:kube-proxy', 'contour', 'prometheus'] as const;

/** The kubeconfig file of one of the platform's own users. */
export function kubeconfigOf(settings: Settings, user: string): string {
  return path.join(pathsOf(settings).kubeconfigs, `${user.replace('system:', '')}.conf`);
}

/** Makes the cluster's certificates and kubeconfigs with kubeadm; those that exist are kept. */
export async function makeCertificates(settings: Settings, searchPath: string): Promise<void> {
  const paths = pathsOf(settings);
  await mkdir(paths.config, { recursive: true });
  await mkdir(paths.kubeconfigs, { recursive: true, mode: 0o700 });
  const config = path.join(paths.config, 'kubeadm.yaml');
  await writeFile(config, kubeadmConfig(settings));
  const kubeadm = (...args: string[]) =>
    execa('kubeadm', [...args, '--config', config], { env: { PATH: searchPath } });
  await kubeadm('init', 'phase', 'certs', 'all');
  await kubeadm('init', 'phase', 'kubeconfig', 'all', '--kubeconfig-dir', paths.kubeconfigs);
  for (const user of extraUsers) {
    const file = kubeconfigOf(settings, user);
    if (await exists(file)) continue;
    const { stdout } = await kubeadm('kubeconfig', 'user', '--client-name', user);
    await writeFile(file, stdout, { mode: 0o600 });
  }
}

function kubeadmConfig(settings: Settings): string {
  const { nodeAddress, name } = settings;
  const init = {
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    kind: 'InitConfiguration',
    localAPIEndpoint: { advertiseAddress: nodeAddress, bindPort: ports.kubernetes },
    nodeRegistration: { name },
  };
  const cluster = {
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    kind: 'ClusterConfiguration',
    kubernetesVersion: `v${kubernetesVersion}`,
    certificatesDir: pathsOf(settings).certificates,
    controlPlaneEndpoint: `${nodeAddress}:${ports.kubernetes}`,
    // Elliptic keys are made in milliseconds; RSA ones took most of a second each.
    encryptionAlgorithm: 'ECDSA-P256',
    networking: { serviceSubnet },
  };
  return `${stringify(init)}---\n${stringify(cluster)}`;
}
