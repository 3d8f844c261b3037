/** What a judge is asked, read back from the text that src/domain/judge/ask-judge.ts makes. */
export interface Question {
  /** The last message of the user. */
  readonly prompt: string;
  readonly first: string;
  readonly second: string;
  readonly criteria: readonly string[];
}

/** Reads the text of a judge's question; null when it is none. */
export function readQuestion(text: string): Question | null {
  const question = partOf(text, 'question');
  const first = partOf(text, 'first');
  const second = partOf(text, 'second');
  if (question === null || first === null || second === null) return null;
  // Behind the answers, for one of them may hold a list as well.
  const task = text.slice(text.lastIndexOf('\nGrade both answers'));
  const criteria = [...task.matchAll(/^- (.+?): /gm)].map(([, name = '']) => name);
  return criteria.length === 0 ? null : { prompt: lastOfUser(question), first, second, criteria };
}

function partOf(text: string, name: string): string | null {
  const opening = new RegExp(`<${name} ([0-9a-f]{16})>\\n`).exec(text);
  if (opening === null) return null;
  const from = opening.index + opening[0].length;
  const to = text.indexOf(`\n</${name} ${opening[1] ?? ''}>`, from);
  return to < 0 ? null : text.slice(from, to);
}

function lastOfUser(question: string): string {
  const from = question.lastIndexOf('[user]\n');
  return from < 0 ? question : question.slice(from + '[user]\n'.length);
}
