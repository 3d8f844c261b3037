import { build } from 'esbuild';

/**
 * One program and all that it imports, as one file.
 * @returns the text of an ES module for Node.js. @throws what esbuild says of files that cannot be bundled.
 */
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
