import type { PlanPath } from '../domain/plan/rules.ts';

/** Where in a file: `['spec', 'phases', 1, 'weight']`. */
export type FilePath = readonly (string | number)[];

const heads: readonly (readonly [PlanPath, FilePath])[] = [
  [['name'], ['metadata', 'name']],
  [
    ['target', 'namespace'],
    ['metadata', 'namespace'],
  ],
  [
    ['target', 'cluster'],
    ['metadata', 'cluster'],
  ],
  [['target'], ['spec']],
  [[], ['spec']],
];

/** The field of the file that a field of the plan comes from. */
export function toFilePath(path: PlanPath): FilePath {
  const [from, to] = heads.find(([head]) => startsWith(path, head)) ?? [[], []];
  const rest = path.slice(from.length);
  // The patch is not ours to rename.
  if (startsWith(path, ['release', 'patch'])) return [...to, ...rest];
  return [...to, ...rest.filter((it) => it !== 'criterion').map(toFileName)];
}

function toFileName(key: string | number): string | number {
  if (typeof key === 'number') return key;
  return key === 'weightPercent' ? 'weight' : key.replace(/Ms$/, '');
}

function startsWith(path: FilePath, head: FilePath): boolean {
  return head.every((key, index) => path[index] === key);
}

/** `spec.phases[1].weight`; keys that are no plain names are quoted, and the whole file is ''. */
export function formatPath(path: FilePath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    if (!/^[$\w-]+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

/** What stands at `path` in data; undefined where there is nothing. */
export function valueAt(data: unknown, path: FilePath): unknown {
  return path.reduce(childOf, data);
}

export function childOf(data: unknown, step: string | number): unknown {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, step)) return undefined;
  return (data as Record<string | number, unknown>)[step];
}
