import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundle } from '../tools/bundle.ts';
import { cacheRoot, keyOfFiles, keyOf, makeOnce } from '../tools/cache.ts';
import { objectStore } from '../tools/catalogue.ts';
import type { Progress } from '../tools/progress.ts';
import { installTool, toolBinary, type Toolbox } from '../tools/toolbox.ts';
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
  judge: 'localhost/sluice/judge:1',
  judgeStandin: 'localhost/sluice/judge-standin:1',
} as const;

/** Of tests alone: no platform has it by itself. */
export const objectStoreImage = 'localhost/sluice/object-store:1';

const allNames = { ...imageNames, objectStore: objectStoreImage } as const;

/** An image of one bundled program on Node.js. */
interface ProgramImage {
  readonly image: keyof typeof imageNames;
  readonly entryPoint: string;
  /** Of `docker/`. */
  readonly recipe: string;
  /** What the recipe copies the program from. */
  readonly file: string;
  /** Stage of the recipe. @default the last one */
  readonly target?: string;
}

const programs: readonly ProgramImage[] = [
  { image: 'standin', entryPoint: 'dev/standin/main.ts', recipe: 'vllm-standin', file: 'standin.mjs' },
  {
    image: 'judge',
    entryPoint: 'src/judge/main.ts',
    recipe: 'judge',
    file: 'judge.mjs',
    target: 'bundled',
  },
  {
    image: 'judgeStandin',
    entryPoint: 'dev/judge-standin/main.ts',
    recipe: 'judge-standin',
    file: 'judge-standin.mjs',
  },
];

/**
 * Builds the images that are not in the cache yet.
 * @throws PlatformProblem with what buildah said.
 */
export async function makeImages(toolbox: Toolbox, progress: Progress): Promise<Image[]> {
  const images = [
    await binaryImage('pause', toolBinary(toolbox, 'pause', 'pause'), progress),
    await binaryImage('coredns', toolBinary(toolbox, 'coredns', 'coredns'), progress),
  ];
  for (const program of programs) images.push(await programImage(program, progress));
  return images;
}

/** A store that speaks S3; no platform needs it. @throws PlatformProblem, ToolProblem */
export async function makeObjectStoreImage(progress: Progress): Promise<Image> {
  const folder = await installTool(objectStore, progress);
  return binaryImage('objectStore', path.join(folder, 'bin', 'versitygw'), progress);
}

/** An image that holds one static program and nothing else. */
async function binaryImage(image: keyof typeof allNames, binary: string, progress: Progress): Promise<Image> {
  const recipe = dockerfile('static-binary');
  return cached(image, await keyOfFiles([recipe], binary), async (archive) => {
    progress(`building image ${image}`);
    await inTemporaryFolder(async (context) => {
      await cp(binary, path.join(context, 'program'));
      await buildImages([{ dockerfile: recipe, context, name: allNames[image] }], archive);
    });
  });
}

/** A program in one file, on a base with this very Node.js. */
async function programImage(program: ProgramImage, progress: Progress): Promise<Image> {
  const { image, file, target } = program;
  const [base, recipe] = [dockerfile('node-base'), dockerfile(program.recipe)];
  const text = await bundle(path.join(repository, program.entryPoint));
  const key = keyOf(await keyOfFiles([base, recipe]), text, process.version);
  return cached(image, key, async (archive) => {
    progress(`building image ${image}`);
    await inTemporaryFolder(async (context) => {
      await copyProgram(process.execPath, path.join(context, 'root'));
      await writeFile(path.join(context, file), text);
      const baseName = 'localhost/sluice/node:1';
      const builds = [
        { dockerfile: base, context, name: baseName },
        {
          dockerfile: recipe,
          context,
          name: imageNames[image],
          arguments: { BASE: baseName },
          ...(target === undefined ? {} : { target }),
        },
      ];
      await buildImages(builds, archive);
    });
  });
}

async function cached(
  image: keyof typeof allNames,
  key: string,
  make: (archive: string) => Promise<void>,
): Promise<Image> {
  const folder = path.join(cacheRoot(), 'images', `${image}-${key}`);
  await makeOnce(folder, (part) => make(path.join(part, 'image.tar')));
  return { name: allNames[image], archive: path.join(folder, 'image.tar') };
}
