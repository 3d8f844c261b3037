import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { speak } from '../support/cli-fakes.ts';

const run = promisify(execFile);

describe('bash completion', () => {
  let script: string;
  beforeAll(async () => {
    script = (await speak(['completion', 'bash'])).out;
  });

  /** What bash offers for a line whose last word is being typed. */
  async function offers(...words: readonly string[]): Promise<string[]> {
    const program = `${script}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await run('bash', ['-c', program, 'bash', ...words], { cwd: import.meta.dirname });
    return stdout.split('\n').filter((line) => line !== '');
  }

  test.each<[string, readonly string[], readonly string[]]>([
    ['verbs', ['sluice', 'a'], ['approve', 'advance', 'abort']],
    ['flags', ['sluice', 'advance', 'x', '--f'], ['--full']],
    ['what a flag may be', ['sluice', 'list', '--output', ''], ['text', 'json']],
    ['nothing for free text', ['sluice', 'abort', 'x', '--reason', ''], []],
    ['shells', ['sluice', 'completion', ''], ['bash', 'zsh', 'fish']],
    ['files', ['sluice', 'check', 'completion.'], ['completion.test.ts']],
    [
      'files for an argument that may be left out',
      ['sluice', 'restore', 'completion.'],
      ['completion.test.ts'],
    ],
    ['what a verb with verbs of its own can', ['sluice', 'prompts', 'm'], ['make']],
    ['files behind them', ['sluice', 'prompts', 'make', 'completion.'], ['completion.test.ts']],
    ['the flags of them', ['sluice', 'prompts', 'make', '--se'], ['--seed']],
    ['nothing for an unknown verb', ['sluice', 'other', ''], []],
  ])('%s', async (_, words, expected) => {
    expect(await offers(...words)).toEqual(expected);
  });
});

test('zsh and fish get every verb and flag', async () => {
  const zsh = (await speak(['completion', 'zsh'])).out;
  const fish = (await speak(['completion', 'fish'])).out;
  expect(zsh).toContain(`'--output[what is printed]:value:(text json)'`);
  expect(zsh).toContain(`'1:file:_files'`);
  expect(zsh).toContain(`'1:choice:(make check)' \\\n        '2:file:_files'`);
  expect(fish).toContain(`-n '__fish_seen_subcommand_from advance' -l full -d`);
  expect(fish).toContain(`-l output -x -a 'text json' -d`);
  for (const verb of [
    'check',
    'start',
    'watch',
    'status',
    'list',
    'abort',
    'advance',
    'hold',
    'resume',
    'restore',
    'prompts',
  ]) {
    expect(zsh).toContain(`\n    ${verb})\n`);
    expect(fish).toContain(`-a ${verb} -d`);
  }
});
