/** Finding one's way in the tree that `yaml` makes of a text: by field, and by place. */
import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { FilePath } from './paths.ts';

/** A field as it stands in the text; null where there is none. */
export interface Field {
  /** The field's name; null in a list, and for the file itself. */
  readonly key: Node | null;
  readonly value: Node | null;
}

/** The field at `path`, through aliases and merged maps; null when the text has none. */
export function fieldAt(document: Document, path: FilePath): Field | null {
  let field: Field | null = { key: null, value: document.contents };
  for (const step of path) {
    field = child(document, resolved(document, field.value), step);
    if (field === null) return null;
  }
  return { key: field.key, value: resolved(document, field.value) };
}

function child(document: Document, parent: Node | null, step: string | number): Field | null {
  if (isSeq(parent) && typeof step === 'number') {
    const item = parent.items[step];
    return item === undefined ? null : { key: null, value: item as Node };
  }
  if (!isMap(parent)) return null;
  // Of two fields of one name the last counts, as in the data.
  const own = parent.items.findLast((it) => keyOf(it) === String(step));
  if (own !== undefined) return { key: own.key as Node, value: own.value as Node | null };
  for (const source of mergedInto(document, parent)) {
    const found = child(document, source, step);
    if (found !== null) return found;
  }
  return null;
}

/** The maps that `<<: *anchor` brings in. */
function mergedInto(document: Document, map: YAMLMap): Node[] {
  const values = map.items.filter(isMerge).map((it) => resolved(document, it.value as Node | null));
  return values
    .flatMap((it) => (isSeq(it) ? it.items.map((item) => resolved(document, item as Node)) : [it]))
    .filter((it) => it !== null);
}

function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.source === '<<';
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

function resolved(document: Document, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}

/** The innermost field that begins at or before `offset`: where a syntax error is. */
export function pathAt(node: unknown, offset: number): FilePath {
  if (isMap(node)) {
    const pair = node.items.findLast((it) => startOf(it.key) <= offset);
    return pair === undefined ? [] : [keyOf(pair), ...pathAt(pair.value, offset)];
  }
  if (isSeq(node)) {
    const index = node.items.findLastIndex((it) => startOf(isPair(it) ? it.key : it) <= offset);
    return index < 0 ? [] : [index, ...pathAt(node.items[index], offset)];
  }
  return [];
}

function startOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? Infinity;
}
