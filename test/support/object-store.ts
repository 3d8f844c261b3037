import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type { KubeConfig } from '@kubernetes/client-node';
import { waitForDeployment } from '../../dev/cluster/wait.ts';
import { makeObjectStoreImage, objectStoreImage } from '../../dev/platform/images.ts';
import { findRunning } from '../../dev/platform/record.ts';
import { importImage } from '../../dev/platform/start.ts';
import type { BucketPlan } from '../../src/domain/plan/judge-plan.ts';
import { testSettings } from './test-platform.ts';

/** Whom the images of docker/ run as. */
const user = 65_532;
const port = 7070;

/** Where it is deployed. */
interface Place {
  readonly namespace: string;
  readonly config: KubeConfig;
  apply(...objects: object[]): Promise<void>;
}

/** Versity's S3 gateway as a pod, with one bucket: its objects are files of a folder of this machine, which is the node. */
export class ObjectStore {
  readonly secretAccessKey = randomBytes(20).toString('hex');
  /** Files and folders as the objects' names have them. */
  readonly folder: string;
  readonly #root: string;
  readonly #namespace: string;

  private constructor(root: string, folder: string, namespace: string) {
    this.#root = root;
    this.folder = folder;
    this.#namespace = namespace;
  }

  static async deploy(place: Place): Promise<ObjectStore> {
    const running = await findRunning(testSettings());
    if (running === undefined) throw new Error('the test platform is not up');
    await importImage(running, await makeObjectStoreImage(() => undefined));
    const root = await mkdtemp(path.join(os.tmpdir(), 'sluice-object-store-'));
    const folder = path.join(root, bucketName);
    await mkdir(folder);
    for (const it of [root, folder]) await chown(it, user, user);
    const store = new ObjectStore(root, folder, place.namespace);
    await place.apply(...store.#objects());
    await waitForDeployment(place.config, place.namespace, 'object-store');
    return store;
  }

  /** To be begun with the prefix. */
  bucket(prefix: string): BucketPlan {
    return {
      endpoint: `http://object-store.${this.#namespace}.svc:${port}`,
      region: 'us-east-1',
      bucket: bucketName,
      prefix,
      credentials: { secret: 'object-store', accessKeyId: 'id', secretAccessKey: 'key' },
    };
  }

  /** Makes objects that somebody else put there. */
  async put(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const file = path.join(this.folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, 'x');
    }
    await execa('chown', ['--recursive', `${user}:${user}`, this.folder]);
  }

  /** Its pod goes with the namespace. */
  async removeFiles(): Promise<void> {
    await rm(this.#root, { recursive: true });
  }

  #objects(): object[] {
    const metadata = { name: 'object-store', namespace: this.#namespace };
    const labels = { app: 'object-store' };
    const from = (key: string) => ({ valueFrom: { secretKeyRef: { name: 'object-store', key } } });
    const container = {
      name: 'store',
      image: objectStoreImage,
      imagePullPolicy: 'Never',
      // Not every file system of a test machine has extended attributes or files without a name.
      args: [`--port=:${port}`, 'posix', '--nometa', '--disableotmp', '/data'],
      env: [
        { name: 'ROOT_ACCESS_KEY_ID', ...from('id') },
        { name: 'ROOT_SECRET_ACCESS_KEY', ...from('key') },
      ],
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
      readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
    };
    const volumes = [{ name: 'data', hostPath: { path: this.#root, type: 'Directory' } }];
    return [
      {
        ...{ apiVersion: 'v1', kind: 'Secret', metadata },
        stringData: { id: 'judge', key: this.secretAccessKey },
      },
      {
        ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [container], volumes } },
        },
      },
      { ...{ apiVersion: 'v1', kind: 'Service', metadata }, spec: { selector: labels, ports: [{ port }] } },
    ];
  }
}

const bucketName = 'llm-judge';
