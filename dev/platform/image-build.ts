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
  /** The image that the Dockerfile's BASE argument names. */
  readonly base?: string;
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
    for (const { dockerfile, context, name, base } of builds) {
      const baseArgument = base === undefined ? [] : ['--build-arg', `BASE=${base}`];
      await buildah(
        'bud',
        '--isolation',
        'chroot',
        ...baseArgument,
        '--file',
        dockerfile,
        '--tag',
        name,
        context,
      );
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
  const { stdout } = await execa('ldd', [program]);
  const libraries = stdout.match(/\/\S+(?= \(0x)/g) ?? [];
  for (const file of libraries) await copyInto(root, file, file);
  await copyInto(root, program, path.join('/usr/bin', path.basename(program)));
}

async function copyInto(root: string, from: string, to: string): Promise<void> {
  const target = path.join(root, to);
  await mkdir(path.dirname(target), { recursive: true });
  await cp(from, target, { dereference: true });
}
