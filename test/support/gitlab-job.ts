import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { repository } from './github-action.ts';
import { readGitlabTemplate } from './gitlab-template.ts';

/**
 * A job that extends the template, as GitLab's runner runs it: the script's lines in one shell, those of after_script in
 * another. Sluice itself is not cloned: it is there.
 */
export class GitlabJob {
  readonly #project: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #variables: Readonly<Record<string, string>>;
  #script: ChildProcess | null = null;
  #cancelled = false;
  #log = '';

  /**
   * @param project a folder of its own for the job.
   * @param variables what the job sets beside the template.
   */
  constructor(project: string, env: NodeJS.ProcessEnv, variables: Readonly<Record<string, string>>) {
    this.#project = project;
    this.#env = env;
    this.#variables = variables;
  }

  get log(): string {
    return this.#log;
  }

  /** @returns the script's exit code; null when it was killed. */
  async run(): Promise<{ code: number | null; log: string }> {
    const { script, after_script: afterScript } = await readGitlabTemplate();
    const code = await this.#run(script, {});
    const CI_JOB_STATUS = this.#cancelled ? 'canceled' : code === 0 ? 'success' : 'failed';
    await this.#run(afterScript, { CI_JOB_STATUS });
    return { code, log: this.#log };
  }

  /** The script and all that it started are killed, as where its container ends. */
  cancel(): void {
    this.#cancelled = true;
    const pid = this.#script?.pid;
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  }

  /** What the job uploads. */
  async reports(): Promise<{ annotations: string; junit: string; dotenv: string; page: string }> {
    const { reports, paths } = (await readGitlabTemplate()).artifacts;
    const read = (file: string | undefined) => readFile(path.join(this.#project, file ?? 'absent'), 'utf8');
    return {
      annotations: await read(reports['annotations']),
      junit: await read(reports['junit']),
      dotenv: await read(reports['dotenv']),
      page: await read(paths[0]),
    };
  }

  async #run(lines: readonly string[], more: NodeJS.ProcessEnv): Promise<number | null> {
    const { variables } = await readGitlabTemplate();
    const set = { ...variables, SLUICE_HOME: repository, ...this.#variables };
    const expanded = Object.entries(set).map(
      ([name, value]) => [name, value.replaceAll('$CI_PROJECT_DIR', this.#project)] as const,
    );
    const child = spawn('bash', ['-c', `set -eo pipefail\n${lines.join('\n')}`], {
      cwd: this.#project,
      env: {
        ...this.#env,
        CI: 'true',
        CI_JOB_URL: 'https://gitlab.example/jobs/1',
        ...Object.fromEntries(expanded),
        ...more,
      },
      // A process group, so that cancelling finds all of it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#script = child;
    const hear = (chunk: Buffer) => {
      this.#log += chunk.toString();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const [code] = (await once(child, 'close')) as [number | null];
    this.#script = null;
    return code;
  }
}
