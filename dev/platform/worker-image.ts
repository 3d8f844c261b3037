import { cp, mkdir, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir, machine } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { cacheRoot, exists, keyOfFiles, makeOnce } from '../tools/cache.ts';
import type { Progress } from '../tools/progress.ts';
import { buildImages, copyLibraries, copyProgram, inTemporaryFolder } from './image-build.ts';
import { dockerfile, repository, type Image } from './images.ts';
import { PlatformProblem } from './problem.ts';

/** What docker/worker.Dockerfile copies from the repository. */
const sources = ['package.json', 'package-lock.json', '.npmrc', 'LICENSE', 'src'];

/** Programs that its RUN lines use, beside Node.js and npm. */
const buildPrograms = ['sh', 'env', 'find', 'rm', 'uname'];

/** Of the newest builds; older ones are removed. */
const keptArchives = 3;

/**
 * Builds Sluice's own image from the working tree as it is now; from the cache when nothing of it changed. The name's
 * tag is a key of all that is in it. Not among the images of every platform: it changes with every edit.
 * @throws PlatformProblem with what buildah or npm said.
 */
export async function makeWorkerImage(progress: Progress): Promise<Image> {
  return inTemporaryFolder(async (context) => {
    // A copy: somebody may be editing, and the key must be that of what is built.
    for (const source of sources)
      await cp(path.join(repository, source), path.join(context, source), { recursive: true });
    const files = await filesOf(context);
    const key = await keyOfFiles(
      [dockerfile('node-base'), dockerfile('worker'), ...files],
      ...files.map((file) => path.relative(context, file)),
      process.version,
    );
    const name = `localhost/sluice/worker:${key}`;
    const folder = path.join(cacheRoot(), 'images', `worker-${key}`);
    await makeOnce(folder, async (part) => {
      progress('building image worker');
      await build(context, name, path.join(part, 'image.tar'));
    });
    await removeOldArchives(path.dirname(folder));
    return { name, archive: path.join(folder, 'image.tar') };
  });
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** The Dockerfile as it is, on bases made of this machine's programs: no image can be pulled. */
async function build(context: string, name: string, archive: string): Promise<void> {
  await inTemporaryFolder(async (bases) => {
    const [run, make] = ['run', 'make'].map((it) => path.join(bases, it)) as [string, string];
    await copyRuntime(path.join(run, 'root'));
    const npm = await readNpmSettings();
    await makeBuildRoot(path.join(make, 'root'), npm);
    const npmrc = path.join(bases, 'npmrc');
    await writeFile(npmrc, await npmrcText(npm));
    const [BASE, BUILD_BASE] = ['localhost/sluice/node:1', 'localhost/sluice/node-npm:1'];
    await buildImages(
      [
        { dockerfile: dockerfile('node-base'), context: run, name: BASE },
        { dockerfile: dockerfile('node-base'), context: make, name: BUILD_BASE },
        {
          dockerfile: dockerfile('worker'),
          context,
          name,
          arguments: { BASE, BUILD_BASE },
          secrets: { npmrc },
        },
      ],
      archive,
    );
  });
}

/** Node.js, and what the native part of Temporal's SDK links to beside it: every ordinary image has that. */
async function copyRuntime(root: string): Promise<void> {
  await copyProgram(process.execPath, root);
  const release = `node_modules/@temporalio/core-bridge/releases/${machine()}-unknown-linux-gnu/index.node`;
  await copyLibraries(path.join(repository, release), root);
}

/** What a Node.js image has for building: a shell, a few programs, npm; and the certificates that npm trusts here. */
async function makeBuildRoot(root: string, { cafile }: NpmSettings): Promise<void> {
  await copyRuntime(root);
  for (const program of buildPrograms) await copyProgram(await whereIs(program), root);
  await symlink('usr/bin', path.join(root, 'bin'));
  for (const folder of ['tmp', 'root']) await mkdir(path.join(root, folder));
  const npm = path.resolve(await realpath(await whereIs('npm')), '../..');
  if (!(await exists(path.join(npm, 'node_modules'))))
    throw new PlatformProblem(
      `npm in ${npm} lacks its own packages`,
      'Install Node.js with the npm it brings.',
    );
  await cp(npm, path.join(root, 'usr/lib/node_modules/npm'), { recursive: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', path.join(root, 'usr/bin/npm'));
  if (cafile !== null) await cp(cafile, path.join(root, cafile), { dereference: true });
}

async function whereIs(program: string): Promise<string> {
  const { stdout } = await execa('sh', ['-c', 'command -v "$0"', program]);
  return stdout;
}

interface NpmSettings {
  readonly registry: string;
  /** Certificates of who stands between here and the registry, if anybody does. */
  readonly cafile: string | null;
}

async function readNpmSettings(): Promise<NpmSettings> {
  const { stdout } = await execa('npm', ['config', 'list', '--json'], { cwd: repository });
  const { registry, cafile } = JSON.parse(stdout) as NpmSettings;
  return { registry, cafile: cafile ?? process.env['NODE_EXTRA_CA_CERTS'] ?? null };
}

/** The build reads it as a secret, and so may hold the machine's tokens. (A proxy is taken from the environment.) */
async function npmrcText({ registry, cafile }: NpmSettings): Promise<string> {
  const own = await readFile(path.join(homedir(), '.npmrc'), 'utf8').catch(() => '');
  return `${own}\nregistry=${registry}\n${cafile === null ? '' : `cafile=${cafile}\n`}`;
}

/** Each is as large as Node.js and all packages. */
async function removeOldArchives(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^worker-[0-9a-f]{8}$/.test(name));
  const aged = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(path.join(folder, name))).mtimeMs })),
  );
  const old = aged.sort((a, b) => b.at - a.at).slice(keptArchives);
  for (const { name } of old) await rm(path.join(folder, name), { recursive: true, force: true });
}
