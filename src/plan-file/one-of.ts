import { z } from 'zod';

/** For a map that needs one of some fields. */
interface Needed {
  /** The field that is told to be missing when there is none. */
  readonly missing: string;
  /** What repair.ts puts in its place. */
  readonly standIn: unknown;
}

/**
 * One of these fields of a map at most.
 * @param needed null: none will do, too.
 */
export function withOneOf<Shape extends z.ZodType>(
  shape: Shape,
  names: readonly string[],
  needed: Needed | null,
): Shape {
  const allowed = oneOf(names);
  const check = (value: unknown, context: z.RefinementCtx) => {
    if (typeof value !== 'object' || value === null) return;
    const [first, ...more] = names.filter((it) => (value as Record<string, unknown>)[it] !== undefined);
    const complain = (name: string, params: object, message: string) => {
      context.addIssue({ code: 'custom', path: [name], message, params });
    };
    if (first === undefined && needed !== null)
      complain(needed.missing, { standIn: needed.standIn }, allowed);
    for (const name of more) complain(name, { standIn: undefined }, `nothing beside ${first}: ${allowed}`);
  };
  // Also beside other problems, so that all of them come in one answer.
  return shape.superRefine(check, { when: () => true });
}

export function oneOf(names: readonly string[]): string {
  return `one of ${names.join(', ')}`;
}
