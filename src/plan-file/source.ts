/** The text of a rollout file: from YAML to data, every oddity of the text named, and where each field stands. */
import {
  type Document,
  isCollection,
  isScalar,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLError,
} from 'yaml';
import { fieldAt, pathAt } from './nodes.ts';
import type { FilePath } from './paths.ts';

/** A plan has a few hundred lines, and Temporal refuses 2 MiB as the input of a workflow. */
export const longestText = 1024 * 1024;

/** Deeper than any pod template. */
const deepest = 64;

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface SourceProblem {
  readonly place: Place;
  readonly path: FilePath;
  readonly found: string;
  readonly allowed: string;
}

export interface Source {
  /** What the text says: maps, lists, texts, numbers, booleans, null; JSON can hold it all. */
  readonly data: unknown;
  /** Where a field's value stands, or what is nearest to a field that is not there. */
  placeOf(path: FilePath): Place;
  /** Where a field's name stands. */
  placeOfName(path: FilePath): Place;
  /** A number or truth value as it was written: `1.10` is not `1.1` to who wrote it. */
  writtenAt(path: FilePath): string | null;
  has(path: FilePath): boolean;
}

type PlaceAt = (offset: number) => Place;

/** `source` is null when the text is so broken that what follows from it would mislead. */
export interface ReadSource {
  readonly source: Source | null;
  readonly problems: readonly SourceProblem[];
}

export function readSource(text: string): ReadSource {
  const start = { line: 1, column: 1 };
  if (Buffer.byteLength(text) > longestText) return { source: null, problems: [tooLong(start)] };
  const lines = new LineCounter();
  const placeAt: PlaceAt = (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    stringKeys: true,
    resolveKnownTags: false,
  });
  const documents = (Array.isArray(parsed) ? parsed : []).filter(hasContent);
  const [document, second] = documents;
  if (document === undefined) {
    return { source: null, problems: [{ place: start, path: [], found: 'nothing', allowed: 'one rollout' }] };
  }
  if (second !== undefined) {
    const place = placeAt(startOf(second));
    const problem = { place, path: [], found: 'another document', allowed: 'one rollout a file' };
    return { source: null, problems: [problem] };
  }
  return readDocument(document, placeAt);
}

function tooLong(place: Place): SourceProblem {
  return { place, path: [], found: 'more than 1 MiB', allowed: 'at most 1 MiB' };
}

function hasContent(document: Document): boolean {
  const { contents, errors } = document;
  return errors.length > 0 || !(contents === null || (isScalar(contents) && contents.value === null));
}

function startOf(document: Document): number {
  return document.contents?.range?.[0] ?? document.range?.[0] ?? 0;
}

function readDocument(document: Document, placeAt: PlaceAt): ReadSource {
  const complaints = [...document.errors, ...document.warnings];
  const odd = oddNodes(document);
  const problems = [
    ...complaints.map((it) => ({ at: it.pos[0], ...explain(it) })),
    ...odd.map(({ node, ...it }) => ({ at: node.range?.[0] ?? 0, ...it })),
  ].map(({ at, ...it }) => ({ place: placeAt(at), path: pathAt(document.contents, at), ...it }));
  // A field that is there twice leaves the rest of the text readable; other errors do not.
  const readable = odd.length === 0 && complaints.every((it) => it.code === 'DUPLICATE_KEY');
  if (!readable) return { source: null, problems: firstOfEachLine(problems) };
  try {
    return { source: sourceOf(document, document.toJS(), placeAt), problems };
  } catch (error) {
    // Aliases that unfold to far more than was written, or merges of what is no map: known only now.
    const found = `YAML that cannot be unfolded (${error instanceof Error ? error.message : String(error)})`;
    const problem = { place: placeAt(startOf(document)), path: [], found, allowed: 'valid YAML' };
    return { source: null, problems: [...problems, problem] };
  }
}

/** One slip makes the parser stumble several times. */
function firstOfEachLine(problems: readonly SourceProblem[]): SourceProblem[] {
  const lines = new Map<number, SourceProblem>();
  for (const problem of problems) {
    if (!lines.has(problem.place.line)) lines.set(problem.place.line, problem);
  }
  return [...lines.values()];
}

interface Explanation {
  readonly found: string;
  readonly allowed: string;
}

const explanations: Readonly<Partial<Record<YAMLError['code'], Explanation>>> = {
  DUPLICATE_KEY: { found: 'the field a second time', allowed: 'each field once' },
  TAB_AS_INDENT: { found: 'a tab', allowed: 'spaces as indentation' },
  TAG_RESOLVE_FAILED: { found: 'a tag (!)', allowed: 'plain YAML without tags' },
};

function explain({ code, message }: YAMLError): Explanation {
  return explanations[code] ?? { found: `a YAML error (${message})`, allowed: 'valid YAML' };
}

/** What YAML can say and a plan, which travels as JSON, cannot hold. */
function oddNodes(document: Document): (Explanation & { readonly node: Node })[] {
  const odd: (Explanation & { readonly node: Node })[] = [];
  visit(document, {
    Alias(_key, node, path) {
      const target = node.resolve(document);
      if (target === undefined) {
        odd.push({ node, found: `*${node.source} without its anchor`, allowed: 'an anchor further up' });
      } else if (path.includes(target)) {
        odd.push({ node, found: `*${node.source} inside its own anchor`, allowed: 'an anchor further up' });
      }
    },
    Scalar(_key, node) {
      if (typeof node.value !== 'number') return;
      if (Number.isFinite(node.value) && Math.abs(node.value) <= Number.MAX_SAFE_INTEGER) return;
      odd.push({ node, found: node.source ?? 'a number', allowed: 'a number that JSON can hold exactly' });
    },
    Collection(_key, node, path) {
      if (path.filter((it) => isCollection(it)).length < deepest) return;
      odd.push({ node, found: 'too many levels', allowed: `at most ${deepest} levels` });
      return visit.SKIP;
    },
  });
  return odd;
}

function sourceOf(document: Document, data: unknown, placeAt: PlaceAt): Source {
  const placeOf = (path: FilePath): Place => {
    const field = fieldAt(document, path);
    const node = field?.value ?? field?.key;
    if (node?.range) return placeAt(node.range[0]);
    return path.length === 0 ? placeAt(startOf(document)) : placeOfName(path.slice(0, -1));
  };
  const placeOfName = (path: FilePath): Place => {
    const range = fieldAt(document, path)?.key?.range;
    return range ? placeAt(range[0]) : placeOf(path);
  };
  return {
    data,
    placeOf,
    placeOfName,
    writtenAt: (path) => {
      const node = fieldAt(document, path)?.value;
      return isScalar(node) && typeof node.value !== 'string' ? (node.source ?? null) : null;
    },
    has: (path) => fieldAt(document, path) !== null,
  };
}
