import type { KubernetesObject } from '@kubernetes/client-node';
import { applyObjects, openCluster } from '../../../dev/cluster/objects.ts';
import { isAccepted } from '../../../dev/cluster/route.ts';
import { waitFor, waitForDeployment } from '../../../dev/cluster/wait.ts';

const ends = `process.on('SIGTERM', () => process.exit(0));`;
const server = (answer: string) =>
  `require('http').createServer((request, response) => { request.resume(); ${answer} }).listen(8000); ${ends}`;
const beginStream =
  `response.writeHead(200, { 'content-type': 'text/event-stream' }); ` + `response.write('data: 1\\n\\n');`;

/** Programs for pods that fail in one way each; Node.js is in the stand-in's image. */
const programs = {
  'answers-500': server(`response.statusCode = 500; response.end('no');`),
  refuses: `setInterval(() => undefined, 1e6); ${ends}`,
  'closes-early': server(`setTimeout(() => response.socket.destroy(), 20);`),
  'cuts-stream': server(`${beginStream} setTimeout(() => response.socket.destroy(), 50);`),
  'resets-stream': server(`${beginStream} setTimeout(() => response.socket.resetAndDestroy(), 50);`),
  'cuts-whole': server(
    `response.writeHead(200, { 'content-length': '99' }); response.write('a'); ` +
      `setTimeout(() => response.socket.destroy(), 20);`,
  ),
  'no-http': `require('net').createServer((it) => { it.on('error', () => undefined);
    it.on('data', () => it.end('what?\\r\\n\\r\\n')); }).listen(8000); ${ends}`,
  'slow-answer': server(`setTimeout(() => response.end(), 2000);`),
  'slow-stream': server(`${beginStream} setTimeout(() => response.end(), 2000);`),
  'slow-stream-unlimited': server(`${beginStream} setTimeout(() => response.end(), 2000);`),
} as const;

export type Fault = keyof typeof programs | 'no-pods';
const faults = [...(Object.keys(programs) as (keyof typeof programs)[]), 'no-pods'] as const;
/** Those in which every request fails; the other one is for clients that leave. */
export const failing: readonly Fault[] = faults.filter((it) => it !== 'slow-stream-unlimited');

/** How long the gateway waits for the answers of `slow-answer` and `slow-stream`. */
const routeTimeout = '500ms';

/**
 * For each fault a target that is called as the fault, on the gateway under the path `/<fault>`; all its traffic goes to
 * its canary, the Service `<fault>-canary`.
 * @returns the `host` header that leads to them.
 */
export async function deployFaultyPods(
  { config, objects }: ReturnType<typeof openCluster>,
  namespace: string,
): Promise<string> {
  const host = `${namespace}.faults.example`;
  await applyObjects(objects, [
    ...Object.entries(programs).map(([name, program]) => deployment(namespace, name, program)),
    ...faults.flatMap((name) => [service(namespace, name, name), service(namespace, `${name}-canary`, name)]),
    route(namespace, host),
  ]);
  await Promise.all(Object.keys(programs).map((name) => waitForDeployment(config, namespace, name)));
  await waitFor('the route to be accepted', async () =>
    (await isAccepted(objects, namespace, 'faults')) ? true : undefined,
  );
  return host;
}

function deployment(namespace: string, name: string, program: string): KubernetesObject {
  const labels = { app: name };
  const container = {
    name: 'faulty',
    image: 'localhost/sluice/vllm-standin:1',
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '-e', program],
    resources: { requests: { cpu: '10m', memory: '32Mi' } },
  };
  const template = {
    metadata: { labels },
    spec: { terminationGracePeriodSeconds: 1, containers: [container] },
  };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec,
  } as KubernetesObject;
}

function service(namespace: string, name: string, fault: Fault): KubernetesObject {
  const spec = { selector: { app: fault }, ports: [{ name: 'http', port: 8000, targetPort: 8000 }] };
  const metadata = { name, namespace };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec } as KubernetesObject;
}

function route(namespace: string, host: string): KubernetesObject {
  const rules = faults.map((fault) => ({
    matches: [{ path: { type: 'PathPrefix', value: `/${fault}` } }],
    timeouts: { request: ['slow-answer', 'slow-stream'].includes(fault) ? routeTimeout : '0s' },
    backendRefs: [
      { name: fault, port: 8000, weight: 0 },
      { name: `${fault}-canary`, port: 8000, weight: 1 },
    ],
  }));
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'faults', namespace },
    spec: { parentRefs: [{ namespace: 'gateway', name: 'gateway' }], hostnames: [host], rules },
  } as KubernetesObject;
}
