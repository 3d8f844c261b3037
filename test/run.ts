/**
 * `make test`: lint, types and all tests. Ends with jest's summary and the plain line 'N passed, N failed'. Arguments
 * go to jest: `dev/run.sh node test/run.ts --selectProjects unit`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
}

const inTurn = '--runInBand';

const print = (line: string) => process.stdout.write(`${line}\n`);

async function step(title: string, command: string, args: readonly string[]): Promise<boolean> {
  const started = performance.now();
  print(`\n── ${title}`);
  const { exitCode } = await execa(command, args, { stdio: 'inherit', reject: false });
  print(
    `── ${title}: ${exitCode === 0 ? 'ok' : `failed (exit code ${exitCode ?? 'none'})`}, ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  return exitCode === 0;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

async function jest(title: string, args: readonly string[]): Promise<Counts> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-jest-'));
  const outputFile = path.join(folder, 'result.json');
  try {
    const flags = [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
    ];
    const ok = await step(title, 'node', [...flags, '--json', `--outputFile=${outputFile}`, ...args]);
    const counts = readCounts(outputFile);
    // A run that fails without a failed test, in its teardown for example, has failed.
    return ok ? counts : { ...counts, failed: Math.max(counts.failed, 1) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** All tests, or what the arguments choose. */
async function tests(args: readonly string[]): Promise<readonly Counts[]> {
  if (args.length > 0) return [await jest('tests', [...args, inTurn])];
  return [
    // They compare the machine before and after: nothing else may come and go there.
    await jest('tests of the platform', ['--selectProjects', 'lifecycle', inTurn]),
    // End-to-end tests wait most of the time, each in a namespace of its own: two files at once, on two cores.
    await jest('tests', ['--selectProjects', 'unit', 'e2e', '--maxWorkers=2']),
  ];
}

/** A suite that could not even be loaded, or a run that ended without a result, counts as a failure. */
function readCounts(file: string): Counts {
  try {
    const result = JSON.parse(readFileSync(file, 'utf8')) as JestResult;
    const failed = Math.max(result.numFailedTests, result.numFailedTestSuites) + result.numPendingTests;
    return { passed: result.numPassedTests, failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const checked =
  (await step('lint', 'npm', ['run', '--silent', 'lint'])) &&
  (await step('types', 'npm', ['run', '--silent', 'types']));
const counts = checked ? await tests(process.argv.slice(2)) : [{ passed: 0, failed: 1 }];
const passed = counts.reduce((sum, it) => sum + it.passed, 0);
const failed = counts.reduce((sum, it) => sum + it.failed, 0);
print(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
