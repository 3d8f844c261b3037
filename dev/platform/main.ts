import path from 'node:path';
import { Command } from 'commander';
import { reportError } from './errors.ts';
import { embeddedAddresses, externalAddresses, type Addresses } from './external.ts';
import { findRunning } from './record.ts';
import { joinPaths, renderExports, renderPairs, renderStatus } from './render.ts';
import { readSettings } from './settings.ts';
import { importImage } from './start.ts';
import { exclusively, removePlatform } from './state.ts';
import { readStatus } from './status.ts';
import { usePlatform } from './use.ts';
import { makeWorkerImage } from './worker-image.ts';

/** Exit code of `status` and `env` when there is no platform. */
const notUp = 3;

const say = (line: string) => process.stderr.write(`${line}\n`);
const print = (line: string) => process.stdout.write(`${line}\n`);

async function up(): Promise<void> {
  await usePlatform();
  print(`For this shell: eval "$(make -s env)"   State: make status   End it: make down`);
}

async function down(): Promise<void> {
  const settings = readSettings();
  const waiting = () => {
    say(`another command works on platform ${settings.number}; waiting for it`);
  };
  await exclusively(settings, waiting, () => removePlatform(settings));
  print(`Platform ${settings.number} is down; nothing of it is left but downloads and builds in the cache.`);
}

async function status(options: { output: 'text' | 'json' }): Promise<void> {
  const settings = readSettings();
  const external = externalAddresses(process.env, settings);
  if (external) {
    printAddresses(external, options.output);
    return;
  }
  const running = await findRunning(settings);
  if (!running) {
    process.exitCode = notUp;
    if (options.output === 'json') print(JSON.stringify({ platform: settings.number, up: false }));
    else print(`Platform ${settings.number} is not up. Start it: make up`);
    return;
  }
  const parts = await readStatus(running);
  const healthy = parts.every((part) => part.health.healthy);
  if (options.output === 'json')
    print(JSON.stringify({ platform: settings.number, up: true, healthy, parts }, undefined, 2));
  else print(renderStatus(String(settings.number), parts));
  if (!healthy) process.exitCode = 1;
}

function printAddresses(addresses: Addresses, output: 'text' | 'json'): void {
  if (output === 'json') print(JSON.stringify({ external: addresses }, undefined, 2));
  else print(['Your own cluster:', ...renderPairs({ ...addresses })].join('\n'));
}

/** Where `sluice` is. */
const commands = path.resolve(import.meta.dirname, '../../bin');

async function env(): Promise<void> {
  const settings = readSettings();
  const external = externalAddresses(process.env, settings);
  const running = await findRunning(settings);
  if (external) print(renderExports(external));
  else if (running) {
    const searchPath = joinPaths(`${commands}:${running.searchPath}`, process.env['PATH'] ?? '');
    print(renderExports(embeddedAddresses(settings), searchPath));
  } else {
    say(`Platform ${settings.number} is not up. Start it: make up`);
    process.exitCode = notUp;
  }
}

async function workerImage(): Promise<void> {
  const settings = readSettings();
  const image = await makeWorkerImage(say);
  const running = await findRunning(settings);
  if (running) {
    await importImage(running, image);
    print(image.name);
  } else {
    say(`It is built. Platform ${settings.number} is not up to load it into. Start it: make up`);
    process.exitCode = notUp;
  }
}

const program = new Command('platform').description(
  'The embedded platform: a real Kubernetes, gateway, Prometheus and Temporal on this machine',
);
program.command('up').description('start it; harmless when it runs').action(up);
program.command('down').description('end it and remove its state').action(down);
program
  .command('status')
  .description('what runs, where, healthy or not; exit code 0 healthy, 1 not, 3 not up')
  .option('--output <format>', 'text or json', 'text')
  .action(status);
program
  .command('worker-image')
  .description(
    'build docker/worker.Dockerfile from the working tree and load it into the node; prints its name',
  )
  .action(workerImage);
program.command('env').description('export lines for eval').action(env);
await program.parseAsync().catch(reportError);
