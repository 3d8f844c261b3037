import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

/** A way to a server that can be shut: then connections are cut and new ones find nobody. */
export interface TcpGate {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** Opens a gate in front of `host:port`. */
export async function openGate(upstream: string): Promise<TcpGate> {
  const [host = '', port] = upstream.split(':');
  const sockets = new Set<net.Socket>();
  let isOpen = true;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const front = net.createServer((client) => {
    if (!isOpen) {
      client.destroy();
      return;
    }
    const server = net.connect(Number(port), host);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  return {
    address: `127.0.0.1:${(front.address() as AddressInfo).port}`,
    shut: () => {
      isOpen = false;
      cut();
    },
    open: () => {
      isOpen = true;
    },
    close: async () => {
      cut();
      front.close();
      await once(front, 'close');
    },
  };
}
