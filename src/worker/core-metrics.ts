import net from 'node:net';

/** How long a scrape waits for the SDK's part. */
const timeoutMs = 1000;

/** Where the SDK serves its metrics: only this process asks. Another may take the port before the SDK does: rare, and the worker then fails to start. */
export async function freeLoopbackAddress(): Promise<string> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) =>
    server.close(() => {
      resolve();
    }),
  );
  if (address === null || typeof address === 'string') throw new Error('a loopback port has no number');
  return `127.0.0.1:${address.port}`;
}

/**
 * The metrics of Temporal's SDK in Prometheus' text format. Never throws: the SDK ends its server while the worker
 * drains, and the worker's own metrics must be readable then, too.
 */
export async function readCoreMetrics(address: string): Promise<string> {
  try {
    const response = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) return `# Temporal's SDK answers ${response.status}\n`;
    return await response.text();
  } catch {
    return "# Temporal's SDK serves no metrics now\n";
  }
}
