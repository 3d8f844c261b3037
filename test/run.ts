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

async function jest(args: readonly string[]): Promise<boolean> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-jest-'));
  const outputFile = path.join(folder, 'result.json');
  try {
    const flags = [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
    ];
    // One after the other: the tests share two cores, a platform and a gateway.
    const ok = await step('tests', 'node', [
      ...flags,
      '--runInBand',
      '--json',
      `--outputFile=${outputFile}`,
      ...args,
    ]);
    const counts = readCounts(outputFile);
    print(`${counts.passed} passed, ${counts.failed} failed`);
    return ok && counts.failed === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A suite that could not even be loaded, or a run that ended without a result, counts as a failure. */
function readCounts(file: string): { passed: number; failed: number } {
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
if (!checked) print('0 passed, 1 failed');
process.exitCode = checked && (await jest(process.argv.slice(2))) ? 0 : 1;
