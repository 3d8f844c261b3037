/** Bundles a program into a file: `node dev/tools/bundle-main.ts src/judge/main.ts judge.mjs`. */
import { writeFile } from 'node:fs/promises';
import { bundle } from './bundle.ts';

const [, , entryPoint, file] = process.argv;
if (entryPoint === undefined || file === undefined)
  throw new Error('usage: node dev/tools/bundle-main.ts ENTRY-POINT FILE');
await writeFile(file, await bundle(entryPoint));
