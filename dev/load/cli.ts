import { CommanderError } from 'commander';
import { describeProblems, type Flags, parseFlags } from './flags.ts';
import type { LiveSecond } from './live.ts';
import { LoadOptionsError } from './options.ts';
import { renderJson, renderReport, renderSecond } from './render.ts';
import { type RunningLoad, startLoad } from './run.ts';

export const exitCodes = {
  ok: 0,
  /** `--fail-on-error`, and a request failed. */
  failures: 1,
  badInput: 2,
  /** Interrupted twice: the report has requests still in flight, and connections are open. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What the command has of the world. */
export interface Terminal {
  out: (text: string) => void;
  err: (text: string) => void;
  colour: boolean;
  /** Calls back on each interruption (Ctrl-C), until the process ends. */
  onInterrupt: (listener: () => void) => void;
}

/**
 * The command. The first interruption stops sending and waits for what is in
 * flight; the second reports at once.
 *
 * @param argv arguments without program and script
 * @returns the exit code; only `interrupted` leaves something open
 */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    const flags = parseFlags(argv, terminal);
    return await load(flags, terminal);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
    if (!(error instanceof LoadOptionsError)) throw error;
    terminal.err(describeProblems(error));
    return exitCodes.badInput;
  }
}

async function load({ options, output, failOnError }: Flags, terminal: Terminal): Promise<ExitCode> {
  const onSecond = (second: LiveSecond) => {
    if (output === 'text') terminal.out(renderSecond(second, terminal.colour));
  };
  const running = startLoad(options, { onSecond });
  const hurried = await Promise.race([running.done.then(() => false), secondInterrupt(running, terminal)]);
  const report = running.snapshot();
  terminal.out(output === 'json' ? renderJson(report) : renderReport(report, terminal.colour));
  if (hurried) return exitCodes.interrupted;
  return failOnError && report.total.failed > 0 ? exitCodes.failures : exitCodes.ok;
}

/** Stops the load on the first interruption; resolves on the second. */
function secondInterrupt(running: RunningLoad, { onInterrupt, err }: Terminal): Promise<true> {
  return new Promise((resolve) => {
    let interrupts = 0;
    onInterrupt(() => {
      interrupts++;
      if (interrupts > 1) {
        resolve(true);
        return;
      }
      // Its error, if any, comes through `done`.
      void running.stop().catch(() => undefined);
      const { inFlight } = running.snapshot();
      if (inFlight > 0)
        err(`Waiting for ${inFlight} requests in flight; interrupt again to report at once.\n`);
    });
  });
}
