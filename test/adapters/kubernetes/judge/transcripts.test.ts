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
import { expectWhole, nameOf, TranscriptStage } from './transcript-stage.ts';

const hour = 3_600_000;

/** With volumes that are folders of this machine: it is the node. */
describe('transcripts on a volume', () => {
  let stage: TranscriptStage;
  /** With a folder each for both volumes. */
  let place: string;
  let folder: string;
  let plain: string;
  const volumes: object[] = [];

  beforeAll(async () => {
    place = await mkdtemp(path.join(os.tmpdir(), 'sluice-transcripts-'));
    [folder, plain] = [path.join(place, 'local'), path.join(place, 'host-path')];
    for (const it of [folder, plain]) await mkdir(it);
    // Whatever the umask is: for root to write and all to read, as kubelet makes them.
    for (const it of [place, folder, plain]) await chmod(it, 0o755);
    stage = await TranscriptStage.open('transcripts');
    const node = await nodeName();
    await stage.it.apply(
      ...claimOf('kept', { local: { path: folder }, nodeAffinity: onlyOn(node) }),
      ...claimOf('plain', { hostPath: { path: plain, type: 'Directory' } }),
    );
  });
  afterAll(async () => {
    await stage.close();
    for (const volume of volumes) await stage.it.delete(volume);
    await rm(place, { recursive: true });
  });

  afterEach(async () => {
    for (const name of await readdir(folder)) await rm(path.join(folder, name));
  });

  const judged = (claim = 'kept') => stage.judged({ claim, keepMs: hour });

  test('are where the answer says, with every pair, for the judge alone, without what is personal or secret', async () => {
    const ended = await judged();
    const name = nameOf(ended);
    expect(ended.answer.transcripts).toBe(name);
    expect(await readdir(folder)).toEqual([name]);
    const { mode, uid } = await stat(path.join(folder, name));
    expect({ rights: mode & 0o777, uid }).toEqual({ rights: 0o600, uid: 65_532 });
    expectWhole(await readFile(path.join(folder, name), 'utf8'));
  });

  test('that are older than their plan keeps them are removed by the next Job, and nothing else is', async () => {
    const { transcripts: old = '' } = (await judged()).answer;
    await writeFile(path.join(folder, 'notes.txt'), 'somebody else’s');
    await writeFile(
      path.join(folder, 'another-0123456789ab-keep7200s.jsonl'),
      'another plan’s, for two hours',
    );
    await age(old, 1.1 * hour);
    await age('notes.txt', 1.1 * hour);
    await age('another-0123456789ab-keep7200s.jsonl', 1.1 * hour);
    const { transcripts: kept = '' } = (await judged()).answer;
    expect(kept).not.toBe(old);
    expect((await readdir(folder)).sort()).toEqual(
      ['another-0123456789ab-keep7200s.jsonl', 'notes.txt', kept].sort(),
    );
  });

  test('on a folder of the node need rights there: without them the Job answers all the same, and says why', async () => {
    const ended = await judged('plain');
    expect(ended.answer).not.toHaveProperty('transcripts');
    stage.expectJudged(ended);
    expect(ended.answer.transcriptsProblem).toBe('no transcript is kept: EACCES');
    expect(ended.log).toContain('no transcript is kept: EACCES');
    expect(await readdir(plain)).toEqual([]);

    await chown(plain, 65_532, 65_532);
    const { answer: another } = await judged('plain');
    expect(await readdir(plain)).toEqual([another.transcripts]);
  });

  async function age(name: string, ms: number): Promise<void> {
    const then = new Date(Date.now() - ms);
    await utimes(path.join(folder, name), then, then);
  }

  /** A claim, and a volume for it alone, which `afterAll` removes. */
  function claimOf(name: string, source: object): object[] {
    const { namespace } = stage.it;
    const volumeName = `${namespace}-${name}`;
    const common = { storageClassName: '', accessModes: ['ReadWriteOnce'] };
    const storage = '1Gi';
    const volume = {
      ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: volumeName } },
      spec: {
        ...common,
        capacity: { storage },
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { namespace, name },
        ...source,
      },
    };
    volumes.push(volume);
    const claim = {
      ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace } },
      spec: { ...common, volumeName, resources: { requests: { storage } } },
    };
    return [volume, claim];
  }

  async function nodeName(): Promise<string> {
    const { items } = await stage.it.config.makeApiClient(CoreV1Api).listNode();
    return items[0]?.metadata?.name ?? '';
  }
});

function onlyOn(node: string) {
  const key = 'kubernetes.io/hostname';
  return {
    required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values: [node] }] }] },
  };
}
