import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import { CoreV1Api } from '@kubernetes/client-node';
import { judgeKey, judgeName, standinEndpoint, standinJudge } from '../../../../dev/cluster/judges.ts';
import { waitForDeployment } from '../../../../dev/cluster/wait.ts';
import { imageNames } from '../../../../dev/platform/images.ts';
import { JudgeJobs } from '../../../../src/adapters/kubernetes/judge/judge-jobs.ts';
import type { JudgeAnswer } from '../../../../src/domain/judge/answer.ts';
import type { TranscriptsPlan } from '../../../../src/domain/plan/judge-plan.ts';
import { judgeJobName } from '../../../../src/domain/rollout/naming.ts';
import type { Owner } from '../../../../src/ports/workload.ts';
import { armsPairsOf } from '../../../support/transcript-lines.ts';
import { deployStable, type TestTarget } from '../target.ts';
import { beginRollout, planFor, podsOfTry, untilState, type Judging } from './judged.ts';

/** What a Job has answered. */
export interface Judged {
  readonly answer: JudgeAnswer;
  /** Name of the Job. */
  readonly job: string;
  readonly log: string;
}

/** The judge's own program in real Jobs, asking real pods. */
export class TranscriptStage {
  readonly it: TestTarget;
  readonly #owner: Owner;
  #phase = 0;

  private constructor(it: TestTarget, owner: Owner) {
    this.it = it;
    this.#owner = owner;
  }

  static async open(purpose: string): Promise<TranscriptStage> {
    const it = await deployStable(purpose, 1);
    await it.apply(
      judgeKey(it.namespace, apiKey),
      ...standinJudge(it.namespace, { name: 'fair', behaviour: {}, image: imageNames.judgeStandin }),
      {
        ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'prompts', namespace: it.namespace } },
        data: { 'prompts.jsonl': prompts.map((line) => `${JSON.stringify(line)}\n`).join('') },
      },
    );
    const owner = await beginRollout(it);
    await it.workload.scaleCanary(it.target, 1, owner);
    await waitForDeployment(it.config, it.namespace, 'vllm-canary');
    await waitForDeployment(it.config, it.namespace, judgeName('fair'));
    return new TranscriptStage(it, owner);
  }

  /** What a Job of the next phase answers. */
  async judged(transcripts: TranscriptsPlan): Promise<Judged> {
    const { it } = this;
    const plan = planFor(it, {
      image: imageNames.judge,
      endpoint: standinEndpoint(it.namespace, 'fair'),
      ...{ concurrency: 16, requestsPerSecond: null, noiseShare: 0, sanityShare: 0 },
      sampling: { temperature: 0, seed: 1, maxTokens: 24 },
      deadlineMs: 120_000,
      resources: { cpu: '500m', memory: '256Mi' },
      transcripts,
    });
    const judging: Judging = { it, owner: this.#owner, jobs: new JudgeJobs(it.api), plan };
    const which = { phase: this.#phase++, attempt: 1 };
    await judging.jobs.start(plan, which, this.#owner);
    const state = await untilState(judging, ({ kind }) => kind !== 'running', which);
    if (state.kind !== 'answered') throw new Error(`The Job must answer: ${JSON.stringify(state)}`);
    const [pod] = await podsOfTry(judging, which);
    const log = await it.config
      .makeApiClient(CoreV1Api)
      .readNamespacedPodLog({ name: pod?.metadata?.name ?? '', namespace: it.namespace });
    await judging.jobs.remove(plan, null, this.#owner);
    return { answer: state.answer, job: judgeJobName(it.target, this.#owner.rolloutId, which), log };
  }

  /** All pairs were judged. */
  expectJudged({ answer }: Judged): void {
    expect(answer.pairs).toMatchObject({ wins: 0, losses: 0, ties: prompts.length });
  }

  async close(): Promise<void> {
    await this.it.remove();
  }
}

/** How a transcript is called that is kept for an hour. */
export function nameOf({ answer, job }: Judged): string {
  return `${job}-${answer.prompts?.sha256.slice(0, 12) ?? ''}-keep3600s.jsonl`;
}

/** Every pair is in it with all that was said, and nothing that is personal or secret. */
export function expectWhole(transcript: string): void {
  for (const secret of personal) expect(transcript).not.toContain(secret);
  const pairs = armsPairsOf(transcript);
  expect(pairs.map(({ id }) => id).sort()).toEqual(prompts.map(({ id }) => id).sort());
  for (const { answers, votes, judgement } of pairs) {
    expect(answers).toEqual({ stable: expect.stringMatching(/\w/), canary: expect.stringMatching(/\w/) });
    expect(votes).toHaveLength(2);
    expect(judgement).toMatchObject({ winner: 'tie' });
  }
  expect(pairs.find(({ id }) => id === 'sum')?.answers.canary).toContain('42');
  const asked = pairs.filter(({ id }) => id.startsWith('personal')).map((line) => line.messages[0]?.content);
  expect(asked.sort()).toEqual(
    ['[email]', '[ip]', '[phone]', '[secret]', '[secret]'].map((mask) => `Whose is ${mask}, and why?`),
  );
}

const apiKey = `judge-key-${randomBytes(12).toString('hex')}`;
/** What somebody pasted into what is asked: the arms and the judge see it, a transcript must not. */
const personal = ['anna@mail.example', '+49 30 1234567', '10.1.2.3', 'sk-live-0123456789abcdef', apiKey];
const prompts = [
  { id: 'sum', prompt: 'What is 17 + 25?' },
  { id: 'river', prompt: 'Name a river.' },
  ...personal.map((it, index) => ({ id: `personal-${index}`, prompt: `Whose is ${it}, and why?` })),
];
