import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { promptProblemText } from '../../domain/judge/prompt-problem.ts';
import { promptLimits } from '../../domain/judge/prompts.ts';
import { checkedOption, numberIn } from '../checked-option.ts';
import type { CliContext } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { outputOption, type OutputFlag } from '../flags.ts';
import { CliProblem } from '../problem.ts';
import { checkSet } from '../prompts/check-set.ts';
import { makeSet, type MadeSet } from '../prompts/make-set.ts';
import { readRequestLog, type RequestLog } from '../prompts/request-log.ts';
import { paintFor } from '../render/paint.ts';
import { checkedPage, madePage } from '../render/prompts-page.ts';

interface MakeFlags extends OutputFlag {
  readonly count: number;
  readonly out?: string;
  readonly category: string;
  readonly seed: number;
  readonly force?: true;
}

type Finish = (code: ExitCode) => void;

const examples = `
Examples:
  sluice prompts make requests.jsonl --count 400 --out prompts.jsonl
  sluice prompts check prompts.jsonl`;

const makeExamples = `
Examples:
  sluice prompts make requests.jsonl --count 400 --out prompts.jsonl
  sluice prompts make litellm.jsonl --category metadata.team --out prompts.jsonl --force
  sluice prompts make requests.jsonl --count 50 | jq -r .prompt

The log has JSON lines: bodies of chat completions, {"prompt": "..."}, or lines of a gateway's log that hold one of them.
What it cannot use it counts and tells. The same log, count and seed make the same set. docs/prompts.md tells how it
chooses and what it masks; nothing leaves this machine.`;

const checkExamples = `
Examples:
  sluice prompts check prompts.jsonl
  sluice prompts check prompts.jsonl --output json | jq -r .sha256`;

/** Prompt sets, which a judge asks both arms. */
export function promptsCommand(cli: CliContext, finish: Finish): Command {
  return new Command('prompts')
    .description('Make a set of prompts for the judge from a log of requests, and check one')
    .addCommand(makeCommand(cli, finish))
    .addCommand(checkCommand(cli, finish))
    .addHelpText('after', examples);
}

const wholeFrom = (min: number, max: number) =>
  ({ min, max, step: 1, text: `a whole number from ${min} to ${max}` }) as const;
const counts = wholeFrom(1, promptLimits.prompts);
const seeds = wholeFrom(0, Number.MAX_SAFE_INTEGER);

function makeCommand(cli: CliContext, finish: Finish): Command {
  return new Command('make')
    .argument('<file>', 'log of requests (JSON lines)')
    .description('Choose prompts of a log: different ones, of every kind its part, personal data masked')
    .addOption(checkedOption('--count <n>', 'how many', numberIn(counts)).default(400))
    .option('--out <file>', 'where to write them; without it, to stdout')
    .addOption(
      new Option('--category <field>', 'where a line says its category, such as metadata.team')
        .argParser(field)
        .default('category'),
    )
    .addOption(checkedOption('--seed <n>', 'another one, others are chosen', numberIn(seeds)).default(1))
    .option('--force', 'replace the file that is there')
    .addOption(outputOption('a page, or what was read and chosen as JSON'))
    .addHelpText('after', makeExamples)
    .action(async (file: string, flags: MakeFlags) => {
      await make(cli, file, flags);
      finish(exitCodes.ok);
    });
}

async function make({ terminal }: CliContext, file: string, flags: MakeFlags): Promise<void> {
  const { out, count, output } = flags;
  if (output === 'json' && out === undefined)
    throw new CliProblem(exitCodes.badInput, '--output json needs --out: else the prompts are printed');
  const log = await readable(file, () =>
    readRequestLog(file, {
      ...flags,
      onProgress: (lines) => {
        if (terminal.live) terminal.err(`\rread ${lines} lines\u001b[K`);
      },
    }),
  );
  if (terminal.live) terminal.err('\r\u001b[K');
  if (log.strata.length === 0) throw nothingUsable(file, log);
  const made = await readable(file, () => makeSet(file, log, count));
  if (out !== undefined) await write(out, made.text, flags.force === true);
  if (output === 'json') {
    terminal.out(`${JSON.stringify(summaryOf(log, made), null, 2)}\n`);
    return;
  }
  const page = madePage(log, made, count, paintFor(terminal.colour));
  if (out === undefined) {
    terminal.out(made.text);
    terminal.err(page);
  } else terminal.out(`${page}\nWritten: ${out}\n`);
}

function summaryOf({ lines, repeated, unusable }: RequestLog, { text, ...made }: MadeSet) {
  return { lines, repeated, unusable, ...made, bytes: Buffer.byteLength(text) };
}

function checkCommand({ terminal }: CliContext, finish: Finish): Command {
  return new Command('check')
    .argument('<file>', 'prompt set (JSON lines)')
    .description('Check a prompt set as the judge would read it, and show what it has')
    .addOption(outputOption('a page, or JSON'))
    .addHelpText('after', checkExamples)
    .action(async (file: string, { output }: OutputFlag) => {
      const set = await checkSet(file);
      const paint = paintFor(terminal.colour);
      if (output === 'json') terminal.out(`${JSON.stringify(set, null, 2)}\n`);
      else if (set.kind === 'ok') terminal.out(checkedPage(file, set, paint));
      else
        for (const problem of set.problems)
          terminal.err(`${paint.bad('error')} ${file}: ${promptProblemText(problem)}\n`);
      finish(set.kind === 'ok' ? exitCodes.ok : exitCodes.badInput);
    });
}

/** @throws CliProblem for a log that cannot be read. */
async function readable<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { message, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new CliProblem(
      exitCodes.badInput,
      `FILE must be a log that can be read: found ${file} (${message})`,
      '',
      error,
    );
  }
}

function nothingUsable(file: string, { lines, unusable }: RequestLog): CliProblem {
  const why = unusable.map((it) => `  ${it.lines}: ${it.why} (first in line ${it.firstLine})`).join('\n');
  const message = `FILE must have requests as JSON lines: ${file} has none in ${lines} lines`;
  const hint = unusable.some((it) => it.why === 'no JSON')
    ? 'A JSON list becomes lines with: jq -c ".[]"'
    : 'docs/prompts.md tells which logs are understood.';
  return new CliProblem(exitCodes.badInput, why === '' ? message : `${message}\n${why}`, hint);
}

/** @throws CliProblem, above all when the file is there already. */
async function write(file: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isThere = code === 'EEXIST';
    throw new CliProblem(
      exitCodes.badInput,
      `--out must be a ${isThere ? 'new file' : 'file that can be written'}: found ${file}${isThere ? '' : ` (${message})`}`,
      isThere ? 'With --force it is replaced.' : '',
      error,
    );
  }
}

function field(value: string): string {
  if (/^[^.\s]+(\.[^.\s]+)*$/.test(value)) return value;
  throw new InvalidArgumentError(
    'It must be the name of a field, or names with dots between: metadata.team.',
  );
}
