import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { CoreV1Api } from '@kubernetes/client-node';
import { judgeKey, judgeName, standinEndpoint, standinJudge } from '../../../../dev/cluster/judges.ts';
import { waitForDeployment } from '../../../../dev/cluster/wait.ts';
import { imageNames } from '../../../../dev/platform/images.ts';
import { JudgeJobs } from '../../../../src/adapters/kubernetes/judge/judge-jobs.ts';
import type { JudgeAnswer } from '../../../../src/domain/judge/answer.ts';
import { judgeJobName } from '../../../../src/domain/rollout/naming.ts';
import type { Owner } from '../../../../src/ports/workload.ts';
import { deployStable, type TestTarget } from '../target.ts';
import { beginRollout, planFor, podsOfTry, untilState, type Judging } from './judged.ts';

const hour = 3_600_000;
const apiKey = `judge-key-${randomBytes(12).toString('hex')}`;
/** What somebody pasted into what is asked: the arms and the judge see it, a transcript must not. */
const personal = ['anna@mail.example', '+49 30 1234567', '10.1.2.3', 'sk-live-0123456789abcdef', apiKey];
const prompts = [
  { id: 'sum', prompt: 'What is 17 + 25?' },
  { id: 'river', prompt: 'Name a river.' },
  ...personal.map((it, index) => ({ id: `personal-${index}`, prompt: `Whose is ${it}, and why?` })),
];

interface Line {
  readonly id: string;
  readonly kind: string;
  readonly messages: readonly { readonly content: string }[];
  readonly answers: { readonly stable: string | null; readonly canary: string | null };
  readonly votes: readonly string[];
  readonly judgement: { readonly winner: string } | null;
}

/**
 * The judge's own program in real Jobs, asking real pods, with volumes that are folders of this machine: it is the node.
 */
describe('transcripts on a volume', () => {
  let it: TestTarget;
  /** With a folder each for both volumes. */
  let place: string;
  let folder: string;
  let plain: string;
  let owner: Owner;
  let phase = 0;
  const volumes: object[] = [];

  beforeAll(async () => {
    place = await mkdtemp(path.join(os.tmpdir(), 'sluice-transcripts-'));
    [folder, plain] = [path.join(place, 'local'), path.join(place, 'host-path')];
    for (const it of [folder, plain]) await mkdir(it);
    // Whatever the umask is: for root to write and all to read, as kubelet makes them.
    for (const it of [place, folder, plain]) await chmod(it, 0o755);
    it = await deployStable('transcripts', 1);
    const node = await nodeName();
    await it.apply(
      judgeKey(it.namespace, apiKey),
      ...standinJudge(it.namespace, { name: 'fair', behaviour: {}, image: imageNames.judgeStandin }),
      {
        ...named('ConfigMap', 'prompts'),
        data: { 'prompts.jsonl': prompts.map((line) => `${JSON.stringify(line)}\n`).join('') },
      },
      ...claimOf('kept', { local: { path: folder }, nodeAffinity: onlyOn(node) }),
      ...claimOf('plain', { hostPath: { path: plain, type: 'Directory' } }),
    );
    owner = await beginRollout(it);
    await it.workload.scaleCanary(it.target, 1, owner);
    await waitForDeployment(it.config, it.namespace, 'vllm-canary');
    await waitForDeployment(it.config, it.namespace, judgeName('fair'));
  });
  afterAll(async () => {
    await it.remove();
    for (const volume of volumes) await it.delete(volume);
    await rm(place, { recursive: true });
  });

  afterEach(async () => {
    await new JudgeJobs(it.api).remove(planOf('kept'), null, owner);
    for (const name of await readdir(folder)) await rm(path.join(folder, name));
  });

  test('are where the answer says, with every pair, for the judge alone, without what is personal or secret', async () => {
    const { answer, job } = await judged();
    const name = `${job}-${answer.prompts?.sha256.slice(0, 12) ?? ''}.jsonl`;
    expect(answer.transcripts).toBe(name);
    expect(await readdir(folder)).toEqual([name]);
    const { mode, uid } = await stat(path.join(folder, name));
    expect({ rights: mode & 0o777, uid }).toEqual({ rights: 0o600, uid: 65_532 });

    const text = await readFile(path.join(folder, name), 'utf8');
    for (const secret of personal) expect(text).not.toContain(secret);
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
      .filter(({ kind }) => kind === 'arms');
    expect(lines.map(({ id }) => id).sort()).toEqual(prompts.map(({ id }) => id).sort());
    for (const { answers, votes, judgement } of lines) {
      expect(answers).toEqual({ stable: expect.stringMatching(/\w/), canary: expect.stringMatching(/\w/) });
      expect(votes).toHaveLength(2);
      expect(judgement).toMatchObject({ winner: 'tie' });
    }
    expect(lines.find(({ id }) => id === 'sum')?.answers.canary).toContain('42');
    const asked = lines
      .filter(({ id }) => id.startsWith('personal'))
      .map((line) => line.messages[0]?.content);
    expect(asked.sort()).toEqual(
      ['[email]', '[ip]', '[phone]', '[secret]', '[secret]'].map((mask) => `Whose is ${mask}, and why?`),
    );
  });

  test('that are older than the plan keeps them are removed by the next Job, and nothing else is', async () => {
    const { transcripts: old = '' } = (await judged()).answer;
    await writeFile(path.join(folder, 'notes.txt'), 'somebody else’s');
    await writeFile(path.join(folder, 'another-0123456789ab.jsonl'), 'another rollout’s, half an hour old');
    await age(old, 1.1 * hour);
    await age('notes.txt', 1.1 * hour);
    await age('another-0123456789ab.jsonl', 0.5 * hour);
    const { transcripts: kept = '' } = (await judged()).answer;
    expect(kept).not.toBe(old);
    expect((await readdir(folder)).sort()).toEqual(['another-0123456789ab.jsonl', 'notes.txt', kept].sort());
  });

  test('on a folder of the node need rights there: without them the Job answers all the same, and its log says why', async () => {
    const { answer, log } = await judged('plain');
    expect(answer).not.toHaveProperty('transcripts');
    expect(answer.pairs).toMatchObject({ wins: 0, losses: 0, ties: prompts.length });
    expect(log).toContain('no transcript is kept: EACCES');
    expect(await readdir(plain)).toEqual([]);

    await chown(plain, 65_532, 65_532);
    const { answer: another } = await judged('plain');
    expect(await readdir(plain)).toEqual([another.transcripts]);
  });

  function planOf(claim: string) {
    return planFor(it, {
      image: imageNames.judge,
      endpoint: standinEndpoint(it.namespace, 'fair'),
      ...{ concurrency: 16, requestsPerSecond: null, noiseShare: 0, sanityShare: 0 },
      sampling: { temperature: 0, seed: 1, maxTokens: 24 },
      deadlineMs: 120_000,
      resources: { cpu: '500m', memory: '256Mi' },
      transcripts: { claim, keepMs: hour },
    });
  }

  /** What a Job of the next phase has answered, and its log. */
  async function judged(claim = 'kept'): Promise<{ answer: JudgeAnswer; job: string; log: string }> {
    const judging: Judging = { it, owner, jobs: new JudgeJobs(it.api), plan: planOf(claim) };
    const which = { phase: phase++, attempt: 1 };
    await judging.jobs.start(judging.plan, which, owner);
    const state = await untilState(judging, ({ kind }) => kind !== 'running', which);
    if (state.kind !== 'answered') throw new Error(`The Job must answer: ${JSON.stringify(state)}`);
    const [pod] = await podsOfTry(judging, which);
    const log = await it.config
      .makeApiClient(CoreV1Api)
      .readNamespacedPodLog({ name: pod?.metadata?.name ?? '', namespace: it.namespace });
    return { answer: state.answer, job: judgeJobName(it.target, owner.rolloutId, which), log };
  }

  async function age(name: string, ms: number): Promise<void> {
    const then = new Date(Date.now() - ms);
    await utimes(path.join(folder, name), then, then);
  }

  function named(kind: string, name: string) {
    return { apiVersion: 'v1', kind, metadata: { name, namespace: it.namespace } };
  }

  /** A claim, and a volume for it alone, which `afterAll` removes. */
  function claimOf(name: string, source: object): object[] {
    const volumeName = `${it.namespace}-${name}`;
    const common = { storageClassName: '', accessModes: ['ReadWriteOnce'] };
    const storage = '1Gi';
    const volume = {
      ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: volumeName } },
      spec: {
        ...common,
        capacity: { storage },
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { namespace: it.namespace, name },
        ...source,
      },
    };
    volumes.push(volume);
    const claim = {
      ...named('PersistentVolumeClaim', name),
      spec: { ...common, volumeName, resources: { requests: { storage } } },
    };
    return [volume, claim];
  }

  async function nodeName(): Promise<string> {
    const { items } = await it.config.makeApiClient(CoreV1Api).listNode();
    return items[0]?.metadata?.name ?? '';
  }
});

function onlyOn(node: string) {
  const key = 'kubernetes.io/hostname';
  return {
    required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values: [node] }] }] },
  };
}
