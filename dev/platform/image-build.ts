import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { PlatformProblem } from './problem.ts';

/** An image to build: a Dockerfile of `docker/`, its context folder, and its name. */
export interface Build {
  readonly dockerfile: string;
  readonly context: string;
  readonly name: string;
  /** Values of the Dockerfile's ARG lines, such as BASE: the image it starts from. */
  readonly arguments?: Readonly<Record<string, string>>;
  /** Stage to stop after. @default the last one */
  readonly target?: string;
  /** Files that `RUN --mount=type=secret,id=...` lines may read: id -> file. No image contains them. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/**
 * Builds images one after the other, each may be the base of a later one, and writes the last one to `archive`
 * (docker-archive format). Their storage is a temporary folder: nothing of it stays on the machine.
 * @throws PlatformProblem with what buildah said.
 */
export async function buildImages(builds: readonly Build[], archive: string): Promise<void> {
  await inTemporaryFolder(async (storage) => {
    const store = ['--root', path.join(storage, 'root'), '--runroot', path.join(storage, 'run')];
    const buildah = async (...args: string[]) => {
      const result = await execa('buildah', [...store, '--storage-driver', 'vfs', ...args], {
        reject: false,
      });
      if (result.failed) throw new PlatformProblem(`buildah ${args[0] ?? ''} failed`, result.stderr);
    };
    for (const { dockerfile, context, name, ...more } of builds) {
      const values = Object.entries(more.arguments ?? {}).map(([key, value]) => `${key}=${value}`);
      const secrets = Object.entries(more.secrets ?? {}).map(([id, file]) => `id=${id},src=${file}`);
      // Docker's format: OCI's has no HEALTHCHECK.
      const how = ['--isolation', 'chroot', '--format', 'docker'];
      const given = [
        ...values.flatMap((it) => ['--build-arg', it]),
        ...secrets.flatMap((it) => ['--secret', it]),
        ...(more.target === undefined ? [] : ['--target', more.target]),
      ];
      await buildah('bud', ...how, ...given, '--file', dockerfile, '--tag', name, context);
    }
    const last = builds.at(-1);
    if (last) await buildah('push', last.name, `docker-archive:${archive}:${last.name}`);
  });
}

/** Runs `use` with a new folder that is removed afterwards. */
export async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Copies a program and the shared libraries it links to into the root folder of an image to be. */
export async function copyProgram(program: string, root: string): Promise<void> {
  await copyLibraries(program, root);
  await copyInto(root, program, path.join('/usr/bin', path.basename(program)));
}

/** Copies the shared libraries that a program, or a library, links to. */
export async function copyLibraries(file: string, root: string): Promise<void> {
  const { stdout } = await execa('ldd', [file]);
  const libraries = stdout.match(/\/\S+(?= \(0x)/g) ?? [];
  for (const library of libraries) await copyInto(root, library, library);
}

async function copyInto(root: string, from: string, to: string): Promise<void> {
  const target = path.join(root, to);
  await mkdir(path.dirname(target), { recursive: true });
  await cp(from, target, { dereference: true });
}
