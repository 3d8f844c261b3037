import { once } from 'node:events';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';

/** A way to a real API server that passes TLS through as it is and counts connections. */
export async function countConnections(upstream: KubeConfig): Promise<{
  readonly config: KubeConfig;
  connections(): number;
  close(): Promise<void>;
}> {
  const cluster = upstream.getCurrentCluster();
  const user = upstream.getCurrentUser();
  if (cluster === null || user === null) throw new Error('the kubeconfig must have a current context');
  const { hostname, port } = new URL(cluster.server);
  let connections = 0;
  const sockets = new Set<net.Socket>();
  const front = net.createServer((client) => {
    connections += 1;
    const server = net.connect(Number(port), hostname);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
    }
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const config = new KubeConfig();
  const address = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
  // A name that is in the certificate of every API server.
  config.loadFromClusterAndUser({ ...cluster, server: address, tlsServerName: 'kubernetes' }, user);
  return {
    config,
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      front.close();
      await once(front, 'close');
    },
  };
}
