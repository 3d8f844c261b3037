/** From a rollout file to a plan, or to everything that is wrong with it. */
import { createReadStream } from 'node:fs';
import type { Plan } from '../domain/plan/plan.ts';
import { checkPlan } from '../domain/plan/rules.ts';
import { describe } from './found.ts';
import { formatPath, valueAt, type FilePath } from './paths.ts';
import { type Problem, sortProblems } from './problem.ts';
import { repaired } from './repair.ts';
import { explainRules } from './rule-problems.ts';
import { apiVersion, kind, rolloutFile } from './schema.ts';
import { explainIssue, flatten } from './shape.ts';
import { longestText, readSource, type Source, type SourceProblem } from './source.ts';
import { toPlan } from './to-plan.ts';

export type PlanFileAnswer =
  | { readonly kind: 'ok'; readonly plan: Plan; readonly warnings: readonly Problem[] }
  /** All problems, in the order of the file; at least one. */
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** A problem before it knows its file. */
type Complaint = SourceProblem & { readonly hint?: string | null };

/** Reads and checks a file. Never throws: a file that cannot be read is refused like one that is wrong. */
export async function readPlanFile(path: string): Promise<PlanFileAnswer> {
  const start = { place: { line: 1, column: 1 }, path: [] };
  try {
    // Read by length and not by size: a pipe has none, and a file may grow meanwhile.
    const bytes = await firstBytes(path, longestText + 1);
    if (bytes.length > longestText) return parsePlan(bytes.toString('latin1'), path);
    return parsePlan(new TextDecoder('utf-8', { fatal: true }).decode(bytes), path);
  } catch (error) {
    return refuse(path, [
      { ...start, found: whyUnreadable(error), allowed: 'a readable text file in UTF-8' },
    ]);
  }
}

async function firstBytes(path: string, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: most - 1 })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function whyUnreadable(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  switch (code) {
    case 'ENOENT':
      return 'no such file';
    case 'EISDIR':
      return 'a folder';
    case 'EACCES':
      return 'a file that you may not read';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'bytes that are not UTF-8';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** Checks the text of a file; `fileName` is only named in problems. Pure; never throws. */
export function parsePlan(text: string, fileName: string): PlanFileAnswer {
  const { source, problems } = readSource(text);
  if (source === null) return refuse(fileName, problems);
  const foreign = foreignHead(source);
  // The fields of something else say nothing about this one's.
  if (foreign.length > 0) return refuse(fileName, [...problems, ...foreign]);
  const { plan, complaints, warnings } = judge(source);
  if (plan !== null && problems.length + complaints.length === 0) {
    return { kind: 'ok', plan, warnings: toProblems('warning', fileName, warnings) };
  }
  return refuse(fileName, [...problems, ...complaints]);
}

/** Argo has a kind Rollout, too. */
function foreignHead(source: Source): Complaint[] {
  const expected = { apiVersion, kind };
  return Object.entries(expected).flatMap(([key, allowed]) => {
    const value = valueAt(source.data, [key]);
    if (value === undefined || value === null || value === allowed) return [];
    return [{ place: source.placeOf([key]), path: [key], found: describe(value), allowed }];
  });
}

interface Judgement {
  /** Null, or with stand-ins, when there are complaints. */
  readonly plan: Plan | null;
  readonly complaints: readonly Complaint[];
  readonly warnings: readonly Complaint[];
}

function judge(source: Source): Judgement {
  const parsed = rolloutFile.safeParse(source.data);
  const issues = parsed.success ? [] : parsed.error.issues.flatMap(flatten);
  const shape = issues.flatMap((it) => explainIssue(it, source));
  const file = parsed.success ? parsed.data : repaired(source.data);
  if (file === null) return { plan: null, complaints: shape, warnings: [] };
  const plan = toPlan(file);
  const refused = shape.map((it): FilePath => it.path);
  const found = checkPlan(plan);
  return {
    plan,
    complaints: [...shape, ...explainRules(found.problems, plan, source, refused)],
    warnings: explainRules(found.warnings, plan, source, refused),
  };
}

function refuse(file: string, complaints: readonly Complaint[]): PlanFileAnswer {
  return { kind: 'refused', problems: toProblems('refused', file, complaints) };
}

function toProblems(severity: Problem['severity'], file: string, all: readonly Complaint[]): Problem[] {
  return sortProblems(
    all.map(({ place, path, found, allowed, hint }) => {
      return { severity, file, ...place, path: formatPath(path), found, allowed, hint: hint ?? null };
    }),
  );
}
