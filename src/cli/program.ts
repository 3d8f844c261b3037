import { Command, CommanderError } from 'commander';
import { abortCommand } from './commands/abort.ts';
import { advanceCommand } from './commands/advance.ts';
import { approveCommand } from './commands/approve.ts';
import { checkCommand } from './commands/check.ts';
import { completionCommand } from './commands/completion.ts';
import { holdCommand } from './commands/hold.ts';
import { judgeCommand } from './commands/judge.ts';
import { listCommand } from './commands/list.ts';
import { promptsCommand } from './commands/prompts.ts';
import { reportCommand } from './commands/report.ts';
import { restoreCommand } from './commands/restore.ts';
import { resumeCommand } from './commands/resume.ts';
import { simulateCommand } from './commands/simulate.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';
import { watchCommand } from './commands/watch.ts';
import { workerCommand } from './commands/worker.ts';
import type { CliContext } from './context.ts';
import { exitCodeHelp, exitCodes, type ExitCode } from './exit-codes.ts';
import { CliProblem } from './problem.ts';
import { paintFor } from './render/paint.ts';
import { sluiceVersion } from './version.ts';

/** In the order of the help. */
const verbs = [
  checkCommand,
  simulateCommand,
  judgeCommand,
  promptsCommand,
  startCommand,
  watchCommand,
  statusCommand,
  listCommand,
  reportCommand,
  approveCommand,
  advanceCommand,
  holdCommand,
  resumeCommand,
  abortCommand,
  restoreCommand,
  workerCommand,
  completionCommand,
];

const help = `
Connects to Temporal as its own CLI does: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_*,
TEMPORAL_PROFILE. SLUICE_TASK_QUEUE names the worker's queue (default sluice). No rights in the cluster are needed,
but for restore: it connects to the cluster of KUBECONFIG, and to no Temporal.

${exitCodeHelp}`;

/**
 * Runs a command line.
 *
 * @param argv arguments without program and script
 * @returns the exit code; nothing is left open
 */
export async function runCli(argv: readonly string[], cli: CliContext): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  const program = buildProgram(cli, (found) => {
    code = found;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    // Its text is written already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
    if (!(error instanceof CliProblem)) throw error;
    const paint = paintFor(cli.terminal.colour);
    cli.terminal.err(
      `${paint.bad('sluice:')} ${error.message}\n${error.hint === '' ? '' : `${error.hint}\n`}`,
    );
    return error.exitCode;
  }
}

function buildProgram(cli: CliContext, finish: (code: ExitCode) => void): Command {
  const { out, err } = cli.terminal;
  const program = new Command('sluice')
    .description('Roll new versions of LLM services out slowly, on evidence, and take them back in a second.')
    .version(sluiceVersion(), '-V, --version', 'print the version')
    .addHelpText('after', help)
    .showSuggestionAfterError();
  for (const verb of verbs) program.addCommand(verb(cli, finish));
  for (const command of withAllBelow(program)) {
    command
      .configureOutput({ writeOut: out, writeErr: err })
      .configureHelp({ helpWidth: 100 })
      .allowExcessArguments(false)
      .exitOverride();
  }
  return program;
}

function withAllBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}
