import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { cacheRoot, keyOfFiles, keyOf, makeOnce } from '../tools/cache.ts';
import type { Progress } from '../tools/progress.ts';
import { toolBinary, type Toolbox } from '../tools/toolbox.ts';
import { buildImages, copyProgram, inTemporaryFolder } from './image-build.ts';

/** An image as a file that containerd imports, and the name it then has. */
export interface Image {
  readonly name: string;
  readonly archive: string;
}

export const repository = path.resolve(import.meta.dirname, '../..');
/** A Dockerfile of `docker/`. */
export const dockerfile = (name: string) => path.join(repository, 'docker', `${name}.Dockerfile`);

/** Names that manifests use. There is no registry: pods carry `imagePullPolicy: Never`. */
export const imageNames = {
  pause: 'localhost/sluice/pause:1',
  coredns: 'localhost/sluice/coredns:1',
  standin: 'localhost/sluice/vllm-standin:1',
} as const;

/**
 * Builds the images that are not in the cache yet.
 * @throws PlatformProblem with what buildah said.
 */
export async function makeImages(toolbox: Toolbox, progress: Progress): Promise<Image[]> {
  return [
    await binaryImage('pause', toolBinary(toolbox, 'pause', 'pause'), progress),
    await binaryImage('coredns', toolBinary(toolbox, 'coredns', 'coredns'), progress),
    await standinImage(progress),
  ];
}

/** An image that holds one static program and nothing else. */
async function binaryImage(image: 'pause' | 'coredns', binary: string, progress: Progress): Promise<Image> {
  const recipe = dockerfile('static-binary');
  return cached(image, await keyOfFiles([recipe], binary), async (archive) => {
    progress(`building image ${image}`);
    await inTemporaryFolder(async (context) => {
      await cp(binary, path.join(context, 'program'));
      await buildImages([{ dockerfile: recipe, context, name: imageNames[image] }], archive);
    });
  });
}

/** The stand-in vLLM in one file, on a base with this very Node.js. */
async function standinImage(progress: Progress): Promise<Image> {
  const [base, recipe] = [dockerfile('node-base'), dockerfile('vllm-standin')];
  const bundle = await bundleStandin();
  const key = keyOf(await keyOfFiles([base, recipe]), bundle, process.version);
  return cached('standin', key, async (archive) => {
    progress('building image standin');
    await inTemporaryFolder(async (context) => {
      await copyProgram(process.execPath, path.join(context, 'root'));
      await writeFile(path.join(context, 'standin.mjs'), bundle);
      const baseName = 'localhost/sluice/node:1';
      const builds = [
        { dockerfile: base, context, name: baseName },
        { dockerfile: recipe, context, name: imageNames.standin, arguments: { BASE: baseName } },
      ];
      await buildImages(builds, archive);
    });
  });
}

/** The stand-in's program and all that it imports, as one ES module. */
async function bundleStandin(): Promise<string> {
  const result = await build({
    entryPoints: [path.join(repository, 'dev/standin/main.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    // CommonJS packages inside the bundle call require for Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return result.outputFiles[0]?.text ?? '';
}

async function cached(
  image: keyof typeof imageNames,
  key: string,
  make: (archive: string) => Promise<void>,
): Promise<Image> {
  const folder = path.join(cacheRoot(), 'images', `${image}-${key}`);
  await makeOnce(folder, (part) => make(path.join(part, 'image.tar')));
  return { name: imageNames[image], archive: path.join(folder, 'image.tar') };
}
