import { request, type RequestOptions } from 'node:https';
import { get } from 'node:http';
import { execa } from 'execa';

/** How to find out whether a part does its work. */
export type Probe =
  /** Healthy when it answers 200. A part's own self-signed certificate is not checked: it is asked on its own link. */
  | { readonly kind: 'http'; readonly url: string }
  /** Healthy when the program exits 0; in the box it sees the platform's namespaces. */
  | { readonly kind: 'command'; readonly argv: readonly string[]; readonly inBox: boolean };

/** Either healthy, or what was seen instead. */
export type Health = { readonly healthy: true } | { readonly healthy: false; readonly seen: string };

const timeoutMs = 3000;

/**
 * Asks once; never throws.
 * @param searchPath PATH for command probes.
 * @param box the box's first process, for probes that run inside.
 */
export async function probeOnce(probe: Probe, searchPath: string, box: number): Promise<Health> {
  if (probe.kind === 'http') return httpHealth(probe.url);
  const argv = probe.inBox ? ['nsenter', '-t', String(box), '-a', '--', ...probe.argv] : probe.argv;
  const [program, ...args] = argv as [string, ...string[]];
  const env = { PATH: searchPath };
  const result = await execa(program, args, { env, timeout: timeoutMs, reject: false, all: true });
  if (!result.failed) return { healthy: true };
  const said = result.all.trim().split('\n').at(-1) ?? '';
  return { healthy: false, seen: said === '' ? (result.shortMessage ?? '') : said };
}

function httpHealth(url: string): Promise<Health> {
  const options: RequestOptions = { timeout: timeoutMs, rejectUnauthorized: false };
  return new Promise((resolve) => {
    const call = url.startsWith('https:') ? request(url, options).end() : get(url, options);
    call.on('response', (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve(status === 200 ? { healthy: true } : { healthy: false, seen: `${url} answers ${status}` });
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    call.on('error', (error) => {
      resolve({ healthy: false, seen: `${url}: ${error.message}` });
    });
  });
}
