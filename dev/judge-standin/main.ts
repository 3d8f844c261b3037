/** Runs one stand-in judge from its environment until SIGTERM or SIGINT. Exit codes: see README.md. */
import { startJudgeStandin } from './server.ts';
import { readSettings } from './settings.ts';

function log(event: string, details: object = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...details })}\n`);
}

function leave(exitCode: 1 | 2, problems: readonly string[]): never {
  process.stderr.write(problems.map((problem) => `judge-standin: ${problem}\n`).join(''));
  process.exit(exitCode);
}

const read = readSettings(process.env);
if (read.kind === 'refused') leave(2, read.problems);
const standin = await startJudgeStandin(read.options).catch((error: unknown) =>
  leave(1, [`cannot start: ${String(error)}`]),
);
log('listening', { url: standin.url, adminUrl: standin.adminUrl });
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    void standin.close().then(() => {
      log('stopped');
      process.exit(0);
    });
  });
