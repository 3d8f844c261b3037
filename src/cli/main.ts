#!/usr/bin/env node
// sluice start rollout.yaml --watch
import { exitCodes } from './exit-codes.ts';
import { runCli } from './program.ts';

const { stdout, stderr, env } = process;

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

const noColour = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';
const live = stdout.isTTY && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    colour: stdout.isTTY && !noColour && stdout.hasColors(),
    live,
    columns: () => stdout.columns,
    interruption,
  },
  env,
  // Loaded when it is asked for: help and check need no gRPC.
  connect: async () => (await import('./rollouts/connect.ts')).connectRollouts(env),
  now: Date.now,
});
