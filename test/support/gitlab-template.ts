import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { repository } from './github-action.ts';

/** The job to extend in ci/gitlab/sluice.gitlab-ci.yml, as far as it uses the format. */
export interface GitlabJobTemplate {
  readonly image: string;
  readonly interruptible: boolean;
  readonly resource_group: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly before_script: readonly string[];
  readonly script: readonly string[];
  readonly after_script: readonly string[];
  readonly artifacts: {
    readonly when: string;
    readonly paths: readonly string[];
    readonly reports: Readonly<Record<string, string>>;
  };
}

export async function readGitlabTemplate(): Promise<GitlabJobTemplate> {
  const file = path.join(repository, 'ci/gitlab/sluice.gitlab-ci.yml');
  const { '.sluice-rollout': job } = parse(await readFile(file, 'utf8')) as Record<string, GitlabJobTemplate>;
  if (job === undefined) throw new Error(`${file} must have a job .sluice-rollout`);
  return job;
}
