import { isDeepStrictEqual } from 'node:util';
import { annotations } from '../../domain/rollout/naming.ts';
import type { HttpRoute } from './http-route.ts';

/** One operation of a JSON patch (RFC 6902). */
export interface PatchOperation {
  readonly op: 'test' | 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/**
 * The change from `found` to `wanted` as a JSON patch that holds only while all that was decided on is as it was found:
 * which object, its rules, our notes. Unlike a write with resourceVersion it does not mind what else somebody writes,
 * so that no controller, however busy with annotations or status, can keep a rollback out.
 * @returns null for a route without a fence: a patch cannot insist that there is none.
 */
export function precisePatch(found: HttpRoute, wanted: HttpRoute): PatchOperation[] | null {
  const before = found.metadata.annotations ?? {};
  const after = wanted.metadata.annotations ?? {};
  if (before[annotations.fence] === undefined) return null;
  return [
    { op: 'test', path: '/metadata/uid', value: found.metadata.uid },
    { op: 'test', path: '/spec/rules', value: found.spec.rules },
    ...noteOperations(annotations.fence, before, after),
    ...noteOperations(annotations.before, before, after),
    ...(isDeepStrictEqual(found.spec.rules, wanted.spec.rules)
      ? []
      : [{ op: 'replace', path: '/spec/rules', value: wanted.spec.rules } as const]),
  ];
}

type Notes = Readonly<Record<string, string>>;

function noteOperations(key: string, before: Notes, after: Notes): PatchOperation[] {
  const path = `/metadata/annotations/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const was = before[key];
  const will = after[key];
  const operations: PatchOperation[] = was === undefined ? [] : [{ op: 'test', path, value: was }];
  if (will !== undefined) return [...operations, { op: 'add', path, value: will }];
  return was === undefined ? [] : [...operations, { op: 'remove', path }];
}
