import { annotations } from '../../src/domain/rollout/naming.ts';
import type { HttpCall } from './http-interceptor.ts';

interface Backend {
  readonly name: string;
  readonly weight?: number;
}

interface Rule {
  readonly backendRefs?: readonly Backend[];
}

interface JsonPatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/**
 * What a request would change, by a name that is the same in every rollout: without ids, versions and the names that
 * Kubernetes makes up. A second attempt at a write, in whatever form, has the name of the first one.
 * @returns null for what changes nothing: reads, dry runs, questions about rights.
 */
export function writeName({ method, path, body }: HttpCall): string | null {
  const { pathname, searchParams } = new URL(path, 'http://api');
  if (method === 'GET' || searchParams.has('dryRun') || pathname.includes('selfsubject')) return null;
  const [kind = '', name] = pathname.replace(/^.*\/namespaces\/[^/]+\//, '').split('/');
  const object = body === '' ? {} : (JSON.parse(body) as unknown);
  if (kind === 'httproutes') return `route: ${routeWrite(object)}`;
  if (method === 'POST') return `create ${kind}/${nameIn(object)}`;
  if (method === 'DELETE') return `delete ${kind}/${withoutHash(name ?? '')}`;
  return `patch ${kind}/${withoutHash(name ?? '')} ${essence(object)}`;
}

/** Percent that a route asks for the canary by its first rule; 0 without the canary. */
export function canaryPercent(rules: readonly Rule[] | undefined): number {
  const backends = rules?.[0]?.backendRefs ?? [];
  const sum = (some: readonly Backend[]) => some.reduce((total, it) => total + (it.weight ?? 1), 0);
  return (100 * sum(backends.filter(isCanary))) / sum(backends);
}

function isCanary({ name }: Backend): boolean {
  return name.endsWith('-canary');
}

/** `claim`, `canary named`, `50 %`, `0 %`, `without canary`, `release`: a whole route or a JSON patch of one. */
function routeWrite(object: unknown): string {
  const { rules, fence, before } = Array.isArray(object)
    ? ofPatch(object as JsonPatchOperation[])
    : ofRoute(object);
  const { epoch, released } = JSON.parse(fence ?? '{}') as { epoch?: number; released?: boolean };
  if (released === true) return 'release';
  const named = (rules ?? []).some(({ backendRefs = [] }) => backendRefs.some(isCanary));
  const percent = canaryPercent(rules);
  // The first orders are those of preflight, of the claim, and of the first canary.
  if (named) return percent === 0 && epoch === 3 ? 'canary named' : `${percent} %`;
  return epoch === 2 && before !== undefined ? 'claim' : 'without canary';
}

interface RouteParts {
  readonly rules: readonly Rule[] | undefined;
  readonly fence: string | undefined;
  readonly before: string | undefined;
}

function ofRoute(object: unknown): RouteParts {
  const route = object as {
    metadata: { annotations?: Record<string, string> };
    spec: { rules?: readonly Rule[] };
  };
  const notes = route.metadata.annotations ?? {};
  return {
    rules: route.spec.rules,
    fence: notes[annotations.fence],
    before: notes[annotations.before],
  };
}

/** The last operation at a path says what will be there. */
function ofPatch(operations: readonly JsonPatchOperation[]): RouteParts {
  const last = (end: string) =>
    operations.findLast(({ path }) => path.replaceAll('~1', '/').endsWith(end))?.value;
  return {
    rules: last('/spec/rules') as readonly Rule[] | undefined,
    fence: last(annotations.fence) as string | undefined,
    before: last(annotations.before) as string | undefined,
  };
}

function nameIn(object: unknown): string {
  const { metadata = {} } = object as { metadata?: { name?: string; generateName?: string } };
  return withoutHash(metadata.name ?? metadata.generateName ?? '');
}

/** What Kubernetes makes up has no vowels. */
const hash = '[0-9bcdfghjklmnpqrstvwxz]{5,10}';

/** `vllm-canary-7d4b9c6f5-x2x9p` is one of many; `vllm-judge-0a1b2c3d-1-1` is named after its rollout. */
function withoutHash(name: string): string {
  return name
    .replace(/-judge-[0-9a-f]{8}-/, '-judge-<hash>-')
    .replace(new RegExp(`-${hash}(-${hash})?$`), '-<hash>');
}

const longest = 160;

function essence(object: unknown): string {
  const text = JSON.stringify(object, (key, value: unknown) =>
    ['resourceVersion', 'uid', 'test'].includes(key) ? undefined : value,
  )
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(new RegExp(`(?<="pod-template-hash":")${hash}`, 'g'), '<hash>');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
