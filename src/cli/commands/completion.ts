import { Argument, Command } from 'commander';
import { shells, type Shell } from '../completion/shells.ts';
import { verbTable } from '../completion/verbs.ts';
import type { CliContext } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';

const examples = `
Examples:
  source <(sluice completion bash)                                  # this shell
  sluice completion bash > /etc/bash_completion.d/sluice            # all shells
  sluice completion zsh > "\${fpath[1]}/_sluice"
  sluice completion fish > ~/.config/fish/completions/sluice.fish`;

export function completionCommand({ terminal }: CliContext, finish: (code: ExitCode) => void): Command {
  return new Command('completion')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(shells)))
    .description('Print a script that completes verbs and flags')
    .addHelpText('after', examples)
    .action((shell: Shell, _flags: unknown, command: Command) => {
      terminal.out(shells[shell](verbTable(command.parent ?? command)));
      finish(exitCodes.ok);
    });
}
