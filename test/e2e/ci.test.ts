import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '../../dev/cluster/wait.ts';
import type { RolloutStatus } from '../../src/domain/rollout/state.ts';
import { status } from '../../src/workflows/messages.ts';
import { cliPlanFile } from '../support/cli-plan-file.ts';
import { RolloutsInTemporal } from '../support/cli-temporal.ts';
import { FakeActivities, untilCancelled, verdict } from '../support/fake-activities.ts';
import type { Outputs } from '../support/github-action.ts';
import { GithubJob } from '../support/github-job.ts';
import { GitlabJob } from '../support/gitlab-job.ts';

/** The version whose guard sees a breach as soon as it looks. */
const broken = 'v2-broken';
const breach = verdict('fail', 'error rate 15 % of 20 requests, limit < 1 %');
const apiKey = 'an-api-key-of-the-tests';
const uiUrl = 'https://temporal.example';

const quickPhases = `  phases:
    - { weight: 10, bake: 1s }
    - { weight: 100, bake: 0s }
  keepOld: 1s
`;

/** Both CI systems’ jobs as their runners run them, against a real Temporal; no cluster is behind the activities. */
describe('a job of', () => {
  let temporal: RolloutsInTemporal;
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-ci-'));
    temporal = await RolloutsInTemporal.open({ searchAttributes: true });
    const { address: TEMPORAL_ADDRESS, namespace: TEMPORAL_NAMESPACE } = temporal;
    const fakes = new FakeActivities({
      watchGuards: ({ plan }) =>
        plan.release.version === broken
          ? Promise.resolve({ kind: 'breach', verdict: breach })
          : untilCancelled(),
    });
    await temporal.startWorker(fakes);
    env = {
      ...process.env,
      TEMPORAL_ADDRESS,
      TEMPORAL_NAMESPACE,
      // A key alone would turn TLS on, which this Temporal does not speak.
      TEMPORAL_TLS: 'false',
      TEMPORAL_API_KEY: apiKey,
      TEMPORAL_UI_URL: uiUrl,
    };
  });

  afterAll(async () => {
    await temporal.remove();
    await rm(folder, { recursive: true });
  });

  /** A rollout file in the job's workspace; returns its name there. */
  async function file(name: string, version = 'v2', more = ''): Promise<string> {
    const text = cliPlanFile({ name, namespace: 'llm', version }) + more;
    await writeFile(path.join(folder, `${name}.yaml`), text);
    return `${name}.yaml`;
  }

  const handleOf = (name: string) => temporal.client.workflow.getHandle(`rollout/default/llm/${name}`);

  async function reaches(name: string, wanted: RolloutStatus): Promise<void> {
    let seen = 'nothing yet';
    const look = async () => {
      // Before it is started, and while its worker is busy, there is no answer.
      seen = await handleOf(name)
        .query(status)
        .then((state) => state.status, String);
      return seen === wanted ? true : undefined;
    };
    await waitFor(`${name} to be ${wanted}`, look, { timeoutMs: 120_000, seen: () => seen });
  }

  function printed(job: { readonly log: string }, text: string): Promise<true> {
    const look = () => Promise.resolve(job.log.includes(text) ? (true as const) : undefined);
    return waitFor(`the job to print ${JSON.stringify(text)}`, look, { everyMs: 50, seen: () => job.log });
  }

  describe('GitHub', () => {
    const job = (inputs: Outputs) => GithubJob.prepare(folder, { ...env, GITHUB_ACTOR: 'anna' }, inputs);

    test('waits until the rollout is promoted', async () => {
      const it = await job({ file: await file('good', 'v2', quickPhases), reason: 'release day' });
      const { failedStep, outputs, page, log } = await it.run();
      expect({ failedStep, log }).toMatchObject({ failedStep: null });
      expect(outputs).toMatchObject({
        outcome: 'promoted',
        reason: 'completed',
        sentence: 'v2 is stable now',
      });
      expect(outputs['workflow-url']).toMatch(
        /^https:\/\/temporal\.example\/namespaces\/cli-\w+\/workflows\/rollout%2Fdefault%2Fllm%2Fgood\/[\w-]+\/history$/,
      );
      expect(page).toMatch(/^## good to v2\n\n✓ promoted: v2 is stable now\n/);
      expect(page.match(/✓ done/g)).toHaveLength(3);
      expect(page).toContain('release day | anna |');
      expect(log).toContain('promoted: v2 is stable now\n');
      expect(log + page).not.toContain(apiKey);
    });

    test('fails with the exit code when the rollout was rolled back, and its page tells why', async () => {
      const it = await job({ file: await file('bad', broken) });
      const { failedStep, failedCode, outputs, page, log } = await it.run();
      expect({ failedStep, failedCode, log }).toMatchObject({ failedStep: 'Roll out', failedCode: 10 });
      expect(outputs).toMatchObject({ outcome: 'rolledBack', reason: 'breach', sentence: breach.sentence });
      expect(page).toContain('✗ rolled back: error rate 15 % of 20 requests, limit \\< 1 %\n');
      expect(page).toContain('| ✗ stopped here |');
      expect(page).toContain('https://github.example/acme/llm/actions/runs/4711');
    });

    test('cancelled with abort-on-cancel: the rollout is aborted, and its page tells so', async () => {
      const it = await job({ file: await file('unwanted'), 'abort-on-cancel': 'true' });
      const running = it.run();
      await reaches('unwanted', 'baking');
      await printed(it, 'phase 1: 1 %');
      await it.cancel();
      const { failedStep, outputs, page, log } = await running;
      expect({ failedStep, log }).toMatchObject({ failedStep: 'Roll out' });
      const why =
        'aborted by anna: the CI job was cancelled: https://github.example/acme/llm/actions/runs/4711';
      expect({ outputs, log }).toMatchObject({
        outputs: { outcome: 'rolledBack', reason: 'abort', sentence: why },
      });
      expect(page).toContain(`✗ rolled back: ${why}\n`);
      expect(await handleOf('unwanted').result()).toMatchObject({ status: 'rolledBack', reason: 'abort' });
    });

    test('cancelled without it: the rollout goes on, and its page tells how to end it', async () => {
      const it = await job({ file: await file('left') });
      const running = it.run();
      await reaches('left', 'baking');
      await printed(it, 'phase 1: 1 %');
      await it.cancel();
      const { outputs, page, log } = await running;
      expect({ outputs, log }).toMatchObject({ outputs: { outcome: 'running', reason: '' } });
      expect(page).toMatch(/^▶ goes on: .*baking at 1 %/m);
      expect(page).toContain('`sluice abort left -n llm`');
      expect(await handleOf('left').query(status)).toMatchObject({ status: 'baking', phase: 0 });
    });

    test('cancelled where another rollout is in the way: that one is not aborted', async () => {
      const first = await job({ file: await file('taken'), wait: 'false' });
      expect((await first.run()).outputs).toMatchObject({ outcome: 'running' });
      await reaches('taken', 'baking');
      const second = await job({ file: await file('taken', 'v3'), 'abort-on-cancel': 'true' });
      const { failedCode, outputs, page, log } = await second.run({ cancelAfter: 'Roll out' });
      expect({ failedCode, outputs, log }).toMatchObject({
        failedCode: 2,
        outputs: { outcome: 'notStarted' },
      });
      expect(log).toContain('nothing to abort\n');
      expect(page).toContain('- started by anna\n');
      expect(await handleOf('taken').query(status)).toMatchObject({ status: 'baking' });
    });

    test('run again: joins the rollout of its first try', async () => {
      const inputs = { file: await file('again'), 'wait-limit': '1s' };
      const first = await (await job(inputs)).run();
      expect({ code: first.failedCode, log: first.log }).toMatchObject({ code: 130 });
      expect(first.outputs).toMatchObject({ outcome: 'running' });
      const second = await (await job(inputs)).run();
      expect(second.log).toContain('This very rollout runs already; joined: again in llm to v2\n');
      expect(second.outputs['workflow-url']).toBe(first.outputs['workflow-url']);
    });

    test('a file that is refused: exit code 2, and its problems on the page', async () => {
      const it = await job({ file: await file('wrong', 'v2', '  finsh: update\n') });
      const { failedCode, outputs, page } = await it.run();
      expect(failedCode).toBe(2);
      expect(outputs).toMatchObject({ outcome: 'notStarted', 'workflow-url': '' });
      expect(page).toMatch(/- wrong\.yaml:\d+:\d+ spec\.finsh: found an unknown field/);
    });
  });

  describe('GitLab', () => {
    const job = async (variables: Outputs): Promise<GitlabJob> => {
      const project = await mkdtemp(path.join(folder, 'project-'));
      const whose = { GITLAB_USER_LOGIN: 'bert', GITHUB_ACTOR: '' };
      return new GitlabJob(project, { ...env, ...whose }, variables);
    };

    test('rolled back: fails with the exit code, and leaves its reports', async () => {
      const it = await job({ SLUICE_FILE: path.join(folder, await file('gitlab-bad', broken)) });
      const { code, log } = await it.run();
      expect({ code, log }).toMatchObject({ code: 10 });
      expect(log).toMatch(/section_start:\d+:sluice_summary\[collapsed=false\]\r/);
      expect(log).toContain('✗ rolled back: error rate 15 %');
      expect(log).not.toContain(apiKey);

      const { annotations, junit, dotenv, page } = await it.reports();
      expect(JSON.parse(annotations)).toEqual({
        sluice: [
          {
            external_link: {
              label: 'Rollout in Temporal',
              url: expect.stringContaining(`${uiUrl}/namespaces/`) as unknown,
            },
          },
        ],
      });
      expect(junit).toContain('<failure message="error rate 15 % of 20 requests, limit &lt; 1 %">');
      expect(dotenv).toContain('SLUICE_OUTCOME=rolledBack\nSLUICE_REASON=breach\n');
      // GitLab refuses values with spaces.
      expect(dotenv).toMatch(/^(?:[A-Z_]+=\S+\n)+$/);
      expect(page).toContain('## gitlab-bad to v2-broken');
    });

    test('cancelled, when asked: aborted', async () => {
      const it = await job({
        SLUICE_FILE: path.join(folder, await file('gitlab-unwanted')),
        SLUICE_ABORT_ON_CANCEL: 'true',
      });
      const running = it.run();
      await reaches('gitlab-unwanted', 'baking');
      await printed(it, 'phase 1: 1 %');
      it.cancel();
      const { log } = await running;
      const { dotenv, page } = await it.reports();
      expect({ dotenv, log }).toMatchObject({
        dotenv: expect.stringContaining('SLUICE_OUTCOME=rolledBack\nSLUICE_REASON=abort\n') as unknown,
      });
      expect(page).toContain('aborted by bert: the CI job was cancelled: https://gitlab.example/jobs/1\n');
    });

    test('killed without warning, when not asked: the rollout goes on, and its reports say so', async () => {
      const it = await job({ SLUICE_FILE: path.join(folder, await file('gitlab-left')) });
      const running = it.run();
      await reaches('gitlab-left', 'baking');
      await printed(it, 'phase 1: 1 %');
      it.cancel();
      await running;
      const { dotenv } = await it.reports();
      expect(dotenv).toContain('SLUICE_OUTCOME=running\n');
      expect(await handleOf('gitlab-left').query(status)).toMatchObject({ status: 'baking' });
    });
  });
});
