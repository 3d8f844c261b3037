/** One program and all that it imports, as one file: `node dev/tools/bundle.ts src/judge/main.ts judge.mjs`. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** @returns the text of an ES module for Node.js. @throws what esbuild says of files that cannot be bundled. */
export async function bundle(entryPoint: string): Promise<string> {
  const result = await build({
    entryPoints: [entryPoint],
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

async function writeBundle([entryPoint, file]: readonly string[]): Promise<void> {
  if (entryPoint === undefined || file === undefined)
    throw new Error('usage: node dev/tools/bundle.ts ENTRY-POINT FILE');
  await writeFile(file, await bundle(entryPoint));
}

// Not awaited here: jest cannot load the platform by modules that wait.
if (process.argv[1] === fileURLToPath(import.meta.url)) void writeBundle(process.argv.slice(2));
