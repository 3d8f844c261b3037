import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { evaluated, isDue, readAction, repository, type GithubStep, type Outputs } from './github-action.ts';

/** How the runner ends a step of a cancelled job: https://github.com/actions/runner, ProcessInvoker.cs */
const cancellation = [
  ['SIGINT', 7500],
  ['SIGTERM', 2500],
  ['SIGKILL', 60_000],
] as const;

export interface JobEnd {
  /** Of the step that failed first; null when none did. */
  readonly failedCode: number | null;
  readonly failedStep: string | null;
  readonly outputs: Outputs;
  /** What the job's page shows. */
  readonly page: string;
  readonly log: string;
}

/** A job that uses the action of this repository, step by step as GitHub's runner does. */
export class GithubJob {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #inputs: Outputs;
  #step: ChildProcess | null = null;
  #cancelled = false;
  #log = '';

  private constructor(folder: string, env: NodeJS.ProcessEnv, inputs: Outputs) {
    this.#folder = folder;
    this.#env = env;
    this.#inputs = inputs;
  }

  /**
   * @param folder for workspace and files of the job; the rollout file's path is from there.
   * @param env of the job, secrets included.
   */
  static async prepare(folder: string, env: NodeJS.ProcessEnv, inputs: Outputs): Promise<GithubJob> {
    return new GithubJob(
      await mkdtemp(path.join(folder, 'job-')),
      { ...env, GITHUB_WORKSPACE: folder },
      inputs,
    );
  }

  /** Everything that was printed so far. */
  get log(): string {
    return this.#log;
  }

  /** @param cancelAfter a person cancels in the moment in which the step of this name has ended. */
  async run({ cancelAfter }: { readonly cancelAfter?: string } = {}): Promise<JobEnd> {
    const action = await readAction();
    const defaults = Object.entries(action.inputs).map(([name, it]) => [name, it.default ?? ''] as const);
    const inputs = { ...Object.fromEntries(defaults), ...this.#inputs };
    const steps: Record<string, Outputs> = {};
    let failed: { name: string; code: number } | null = null;
    let page = '';
    for (const step of action.runs.steps) {
      // The Node.js that runs the tests is there already.
      if (step.uses !== undefined) continue;
      if (!isDue(step, { inputs, failed: failed !== null, cancelled: this.#cancelled })) continue;
      const { code, outputs, summary } = await this.#run(step, { inputs, steps });
      if (step.id !== undefined) steps[step.id] = outputs;
      page += summary;
      if (code !== 0) failed ??= { name: step.name, code };
      if (step.name === cancelAfter) this.#cancelled = true;
    }
    const outputs = Object.entries(action.outputs).map(
      ([name, { value }]) => [name, evaluated(value, { inputs, steps })] as const,
    );
    await rm(this.#folder, { recursive: true });
    return {
      failedCode: failed?.code ?? null,
      failedStep: failed?.name ?? null,
      outputs: Object.fromEntries(outputs),
      page,
      log: this.#log,
    };
  }

  /** As a person does on the job's page: signals for the step's first process alone, one after the other. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    const step = this.#step;
    if (step === null) return;
    const ended = once(step, 'close');
    for (const [signal, patienceMs] of cancellation) {
      if (step.exitCode !== null || step.signalCode !== null) return;
      step.kill(signal);
      const patience = new AbortController();
      const late = pause(patienceMs, true, { signal: patience.signal }).catch(() => true);
      const isLate = await Promise.race([ended.then(() => false), late]);
      patience.abort();
      if (!isLate) return;
    }
    throw new Error(`a step did not end when it was killed; it printed:\n${this.#log}`);
  }

  async #run(
    step: GithubStep,
    contexts: { inputs: Outputs; steps: Record<string, Outputs> },
  ): Promise<{ code: number; outputs: Outputs; summary: string }> {
    const script = path.join(this.#folder, 'script.sh');
    const output = path.join(this.#folder, 'output');
    const summary = path.join(this.#folder, 'step_summary');
    await writeFile(script, step.run ?? '');
    await writeFile(output, '');
    await writeFile(summary, '');
    const own = Object.entries(step.env ?? {}).map(
      ([name, text]) => [name, evaluated(text, contexts)] as const,
    );
    const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], {
      cwd: this.#env['GITHUB_WORKSPACE'],
      env: {
        ...this.#env,
        CI: 'true',
        GITHUB_ACTION_PATH: repository,
        GITHUB_SERVER_URL: 'https://github.example',
        GITHUB_REPOSITORY: 'acme/llm',
        GITHUB_RUN_ID: '4711',
        RUNNER_TEMP: this.#folder,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        ...Object.fromEntries(own),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#step = child;
    const hear = (chunk: Buffer) => {
      this.#log += chunk.toString();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const [code] = (await once(child, 'close')) as [number | null];
    this.#step = null;
    return {
      // What a signal ends counts as failed, too.
      code: code ?? 255,
      outputs: readOutputs(await readFile(output, 'utf8')),
      summary: await readFile(summary, 'utf8'),
    };
  }
}

/** @throws on what GitHub would refuse, or read as a text of several lines. */
function readOutputs(text: string): Outputs {
  const lines = text.split('\n').filter((line) => line !== '');
  const pairs = lines.map((line) => {
    const [, name, value] = /^([A-Za-z_][\w-]*)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not a line of GITHUB_OUTPUT: ${line}`);
    return [name, value] as const;
  });
  return Object.fromEntries(pairs);
}
