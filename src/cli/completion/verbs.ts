import type { Command } from 'commander';

/** A verb as a shell needs to know it. */
export interface Verb {
  readonly name: string;
  readonly about: string;
  readonly flags: readonly Flag[];
  /** What the first argument is: one of some words of a verb that has verbs of its own. */
  readonly argument: 'file' | 'name' | readonly string[] | null;
  /** A file comes after those words. */
  readonly thenFile: boolean;
}

export interface Flag {
  /** With its dashes. */
  readonly long: string;
  readonly short: string | null;
  readonly about: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** All verbs of a program, from commander's own table. */
export function verbTable(program: Command): readonly Verb[] {
  return program.commands.map((command) => ({
    name: command.name(),
    about: command.description(),
    argument: argumentOf(command),
    thenFile: command.commands.some((it) => argumentOf(it) === 'file'),
    flags: [
      ...flagsOf(command),
      { long: '--help', short: '-h', about: 'show help', takesValue: false, choices: [] },
    ],
  }));
}

/** Its own, and those of the verbs that it has, each once. */
function flagsOf(command: Command): Flag[] {
  const flags = [command, ...command.commands].flatMap((it) =>
    it.options.flatMap(({ long, short, description, required, argChoices }): Flag[] =>
      long === undefined
        ? []
        : [
            {
              long,
              short: short ?? null,
              about: description,
              takesValue: required,
              choices: argChoices ?? [],
            },
          ],
    ),
  );
  return [...new Map(flags.map((flag) => [flag.long, flag])).values()];
}

function argumentOf(command: Command): Verb['argument'] {
  if (command.commands.length > 0) return command.commands.map((it) => it.name());
  const first = command.registeredArguments[0];
  if (first === undefined) return null;
  if (first.argChoices !== undefined) return first.argChoices;
  return first.name() === 'file' ? 'file' : 'name';
}
