import { Command, InvalidArgumentError, Option } from 'commander';
import type { Spacing } from './arrivals.ts';
import { loadDefaults, type LoadOptions, type LoadOptionsError } from './options.ts';

export interface Flags {
  options: LoadOptions;
  output: 'text' | 'json';
  failOnError: boolean;
}

interface Streams {
  out: (text: string) => void;
  err: (text: string) => void;
}

/** What commander makes of the flags below; what is not optional is required or has a default. */
interface Values {
  url: string;
  path: string;
  rate: number;
  spacing: Spacing;
  duration: number;
  streamShare: number;
  model: string;
  maxTokens: number;
  header?: Record<string, string>;
  timeout: number;
  armHeader: string;
  seed: number;
  output: 'text' | 'json';
  failOnError: boolean;
}

const flagOf: Record<keyof LoadOptions, string> = {
  url: '--url',
  path: '--path',
  ratePerSecond: '--rate',
  spacing: '--spacing',
  durationMs: '--duration',
  streamShare: '--stream-share',
  model: '--model',
  maxTokens: '--max-tokens',
  prompt: 'the prompt',
  headers: '--header',
  timeoutMs: '--timeout',
  armHeader: '--arm-header',
  seed: '--seed',
};

/**
 * Reads the command line (without program and script).
 *
 * @throws CommanderError for what cannot be read, with its text written to
 * `err`, or to `out` with an `exitCode` of 0 where help was asked for.
 */
export function parseFlags(argv: readonly string[], streams: Streams): Flags {
  const values = program(streams)
    .parse([...argv], { from: 'user' })
    .opts<Values>();
  const { url, path, spacing, streamShare, model, maxTokens, armHeader, seed, output, failOnError } = values;
  return {
    options: {
      ...{ url, path, spacing, streamShare, model, maxTokens, armHeader, seed },
      ratePerSecond: values.rate,
      durationMs: values.duration,
      timeoutMs: values.timeout,
      headers: values.header ?? loadDefaults.headers,
    },
    output,
    failOnError,
  };
}

/** One line for each problem, with the flag instead of the option's name. */
export function describeProblems({ problems }: LoadOptionsError): string {
  return problems
    .map(({ option, allowed, found }) => `error: ${flagOf[option]} must be ${allowed}: found ${found}\n`)
    .join('');
}

function program({ out, err }: Streams): Command {
  return new Command('load')
    .description(
      'Sends chat completions at a fixed rate, whatever the answers do, and reports per arm and second.\n' +
        'Exit codes: 0 done, 1 something failed (with --fail-on-error), 2 bad input.',
    )
    .requiredOption('--url <url>', 'base address of the service')
    .option('--path <path>', 'path of the endpoint', loadDefaults.path)
    .option('--rate <n>', 'requests per second', parseNumber, loadDefaults.ratePerSecond)
    .addOption(
      new Option('--spacing <kind>', 'between requests')
        .choices(['constant', 'poisson'])
        .default(loadDefaults.spacing),
    )
    .addOption(timeOption('--duration <time>', 'how long to send: 500ms, 30s, 2m, 1h', '30s'))
    .option(
      '--stream-share <share>',
      'share of requests that stream, 0 to 1',
      parseNumber,
      loadDefaults.streamShare,
    )
    .option('--model <name>', 'model name in the request', loadDefaults.model)
    .option('--max-tokens <n>', 'max_tokens in the request', parseNumber, loadDefaults.maxTokens)
    .option('--header <name: value>', 'extra request header; may be repeated', addHeader)
    .addOption(timeOption('--timeout <time>', 'longest time for one request', '60s'))
    .option('--arm-header <name>', 'response header that names the arm', loadDefaults.armHeader)
    .option('--seed <n>', 'fixes spacing, streaming and prompts', parseNumber, loadDefaults.seed)
    .addOption(new Option('--output <kind>', 'output on stdout').choices(['text', 'json']).default('text'))
    .option('--fail-on-error', 'exit with 1 when a request failed', false)
    .allowExcessArguments(false)
    .configureOutput({ writeOut: out, writeErr: err })
    .exitOverride();
}

function timeOption(flags: string, description: string, standard: string): Option {
  return new Option(flags, description).argParser(parseTime).default(parseTime(standard), standard);
}

function parseNumber(text: string): number {
  const number = text.trim() === '' ? NaN : Number(text);
  if (Number.isNaN(number)) throw new InvalidArgumentError('It must be a number.');
  return number;
}

const unitMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function parseTime(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  if (amount === undefined) throw new InvalidArgumentError('It must be a time such as 500ms, 30s, 2m or 1h.');
  return Number(amount) * (unitMs[unit] ?? NaN);
}

function addHeader(text: string, earlier: Readonly<Record<string, string>> = {}): Record<string, string> {
  const colon = text.indexOf(':');
  if (colon < 1) throw new InvalidArgumentError("It must be 'name: value'.");
  return { ...earlier, [text.slice(0, colon).trim()]: text.slice(colon + 1).trim() };
}
