import type { Command } from 'commander';

/** A verb as a shell needs to know it. */
export interface Verb {
  readonly name: string;
  readonly about: string;
  readonly flags: readonly Flag[];
  /** What the first argument is. */
  readonly argument: 'file' | 'name' | readonly string[] | null;
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
    flags: [
      ...command.options.flatMap(({ long, short, description, required, argChoices }) =>
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
      { long: '--help', short: '-h', about: 'show help', takesValue: false, choices: [] },
    ],
  }));
}

function argumentOf(command: Command): Verb['argument'] {
  const first = command.registeredArguments[0];
  if (first === undefined) return null;
  if (first.argChoices !== undefined) return first.argChoices;
  return first.name() === 'file' ? 'file' : 'name';
}
