import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readAction, repository, type GithubAction, type GithubStep } from '../support/github-action.ts';
import { readGitlabTemplate, type GitlabJobTemplate } from '../support/gitlab-template.ts';

/** Every script that a CI job runs, by its path in the repository. */
async function scripts(): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(path.join(repository, 'ci'), { recursive: true });
  const files = names.filter((name) => name.endsWith('.sh')).map((name) => path.join('ci', name));
  const texts = files.map(
    async (file) => [file, await readFile(path.join(repository, file), 'utf8')] as const,
  );
  return new Map(await Promise.all(texts));
}

/** Without comments. */
function commands(script: string): string {
  return script.replaceAll(/^\s*#.*$/gm, '');
}

/** Names that a shell would read from its environment. */
function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\$\{?(SLUICE_\w+)/g)].map(([, name]) => name ?? ''))].sort();
}

describe('action.yml', () => {
  let action: GithubAction;
  let steps: readonly GithubStep[];
  beforeAll(async () => {
    action = await readAction();
    steps = action.runs.steps;
  });

  test('uses every input, and no other', () => {
    const texts = steps.flatMap((step) => [...Object.values(step.env ?? {}), step.if ?? '']);
    const used = texts.flatMap((text) => [...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name));
    expect([...new Set(used)].sort()).toEqual(Object.keys(action.inputs).sort());
  });

  test('says of every input and output what it is', () => {
    for (const it of [...Object.values(action.inputs), ...Object.values(action.outputs)])
      expect(it.description).toMatch(/\.$/);
  });

  test('puts no expression into a script: a value is data, never a command', () => {
    const runs = steps.filter((step) => step.run !== undefined);
    expect(runs.length).toBeGreaterThan(0);
    for (const { run, shell } of runs) {
      expect(run).not.toContain('${{');
      expect(shell).toBe('bash');
    }
  });

  test('pins the actions of others by commit', () => {
    const others = steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    expect(others.length).toBeGreaterThan(0);
    for (const uses of others) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  test('aborts only a cancelled job, and only when asked; reports always', () => {
    const ifs = Object.fromEntries(steps.map((step) => [step.name, step.if]));
    expect(ifs).toEqual({
      'Node.js': undefined,
      Prepare: undefined,
      'Roll out': undefined,
      Abort: "cancelled() && inputs.abort-on-cancel == 'true'",
      Report: 'always()',
    });
    expect(action.inputs['abort-on-cancel']?.default).toBe('false');
  });

  test('takes its outputs from what the summary has', async () => {
    const renderer = await readFile(path.join(repository, 'src/cli/render/summary-env.ts'), 'utf8');
    for (const { value } of Object.values(action.outputs)) {
      const [, name] = /^\$\{\{ steps\.report\.outputs\.(SLUICE_\w+) \}\}$/.exec(value) ?? [];
      expect(renderer).toContain(`    ${name ?? value}: `);
    }
  });
});

describe('the GitLab template', () => {
  let job: GitlabJobTemplate;
  beforeAll(async () => {
    job = await readGitlabTemplate();
  });

  test('uses every variable, itself or in a script', async () => {
    const lines = [...job.before_script, ...job.script, ...job.after_script].join('\n');
    const used = new Set(variablesOf([lines, ...(await scripts()).values()].join('\n')));
    for (const name of Object.keys(job.variables)) expect([...used]).toContain(name);
  });

  test('puts no value into a script but by the environment', () => {
    for (const line of [...job.before_script, ...job.script, ...job.after_script]) {
      expect(line).not.toContain('$[[');
      expect(line).not.toMatch(/\beval\b/);
      // Each variable is quoted.
      expect(line.replaceAll(/"[^"]*"/g, '""')).not.toContain('$');
    }
  });

  test('keeps reports however the job ends', () => {
    expect(job.artifacts.when).toBe('always');
    expect(job.variables['SLUICE_FOLDER']).toBe('$CI_PROJECT_DIR/sluice-report');
    for (const file of [...job.artifacts.paths, ...Object.values(job.artifacts.reports)])
      expect(path.dirname(file)).toBe('sluice-report');
  });

  test('aborts only a cancelled job, and only when asked', () => {
    const aborting = job.after_script.filter((line) => line.includes('ci/abort.sh'));
    expect(aborting).toHaveLength(1);
    expect(aborting[0]).toMatch(
      /^if \[ "\$CI_JOB_STATUS" = canceled \] && \[ "\$SLUICE_ABORT_ON_CANCEL" = true \];/,
    );
    expect(job.variables['SLUICE_ABORT_ON_CANCEL']).toBe('false');
    expect(job.interruptible).toBe(false);
  });
});

describe('both', () => {
  test('run scripts that are there', async () => {
    const action = await readAction();
    const job = await readGitlabTemplate();
    const lines = [
      ...action.runs.steps.map((step) => step.run ?? ''),
      ...job.script,
      ...job.before_script,
      ...job.after_script,
    ];
    const named = [...lines, ...(await scripts()).values()].flatMap((text) =>
      [...text.matchAll(/"\$(?:GITHUB_ACTION_PATH|SLUICE_HOME|root)\/([\w./-]+)"/g)].map(
        ([, file]) => file ?? '',
      ),
    );
    expect(named).toContain('ci/start.sh');
    expect(named).toContain('src/cli/main.ts');
    for (const file of named) await access(path.join(repository, file));
  });

  test('print no environment, and trace no command', async () => {
    const job = await readGitlabTemplate();
    for (const script of [
      ...(await scripts()).values(),
      job.script.join('\n'),
      job.after_script.join('\n'),
    ]) {
      expect(commands(script)).not.toMatch(/\b(?:printenv|set -\w*x|export -p|eval)\b|^\s*env\b/m);
      expect(script).not.toMatch(/TEMPORAL_API_KEY|secrets\./);
    }
  });
});
