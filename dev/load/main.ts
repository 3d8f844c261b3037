// node dev/load/main.ts --url http://127.0.0.1:8000 --rate 50 --duration 30s
import { exitCodes, runCli } from './cli.ts';

const { stdout, stderr } = process;

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => stdout.write(text),
  err: (text) => stderr.write(text),
  colour: stdout.isTTY && stdout.hasColors(),
  onInterrupt: (listener) => {
    process.on('SIGINT', listener);
    process.on('SIGTERM', listener);
  },
});
// Every other end has closed its connections and lets the process run out.
if (process.exitCode === exitCodes.interrupted) process.exit();
