#!/usr/bin/env node
// sluice start rollout.yaml --watch
import { createInterface } from 'node:readline';
import { exitCodes } from './exit-codes.ts';
import { runCli } from './program.ts';

const { stdin, stdout, stderr, env } = process;

// `sluice list | head`: who reads has enough.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok);
    throw error;
  });
}

function interruption(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The second one is for a command that does not come to its end.
    process.on(signal, () => {
      if (interrupted.signal.aborted) process.exit(exitCodes.interrupted);
      interrupted.abort();
    });
  }
  return interrupted.signal;
}

function ask(question: string): Promise<string> {
  const reader = createInterface({ input: stdin, output: stderr });
  return new Promise((answered) => {
    // Ctrl-C and Ctrl-D close it without an answer, and leave the cursor behind the question.
    const closed = () => {
      stderr.write('\n');
      answered('');
    };
    reader.on('close', closed);
    reader.question(question, (answer) => {
      reader.off('close', closed);
      reader.close();
      answered(answer);
    });
  });
}

const noColour = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';
const ci = (env['CI'] ?? '') !== '';
const live = stdout.isTTY && env['TERM'] !== 'dumb' && !ci;

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    colour: stdout.isTTY && !noColour && stdout.hasColors(),
    live,
    // A pseudo-terminal that nobody has told its size says 0.
    columns: () => (stdout.columns > 0 ? stdout.columns : 80),
    interruption,
    ask: stdin.isTTY && stderr.isTTY && !ci ? ask : null,
  },
  env,
  // Loaded when it is asked for: help and check need no gRPC.
  connect: async () => (await import('./rollouts/connect.ts')).connectRollouts(env),
  openCluster: async (context) => (await import('./restore/connect.ts')).openCluster(env, context),
  now: Date.now,
});
