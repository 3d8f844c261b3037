import { cp, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { cacheRoot, exists, keyOfFiles, makeOnce } from './cache.ts';
import type { GoTool } from './catalogue.ts';
import { ToolProblem, type Progress } from './progress.ts';

/**
 * Builds a Go tool once; an interrupted build goes on where it stopped, because Go keeps every compiled package.
 * @returns the folder with `bin/` and, where the tool has some, `files/`.
 * @throws ToolProblem when Go is missing or the build fails.
 */
export async function buildGoTool(tool: GoTool, progress: Progress): Promise<string> {
  const module = path.join(import.meta.dirname, tool.name);
  const key = await keyOfFiles(await moduleFiles(module), JSON.stringify(tool));
  const folder = path.join(cacheRoot(), 'tools', `${tool.name}-${tool.version}-${key}`);
  return makeOnce(folder, async (part) => {
    await requireGo();
    const bin = path.join(part, 'bin');
    await mkdir(bin);
    progress('downloading modules');
    await go(tool, module, ['mod', 'download']);
    const flags = ['-trimpath', '-v', '-ldflags', `-s -w ${tool.linkerFlags ?? ''}`];
    await go(tool, module, ['build', ...flags, '-o', `${bin}${path.sep}`, 'tool'], progress);
    for (const [from, to] of Object.entries(tool.rename ?? {}))
      await rename(path.join(bin, from), path.join(bin, to));
    for (const file of tool.files ?? []) await copyOutOfModule(tool, module, file, path.join(part, 'files'));
  });
}

async function moduleFiles(module: string): Promise<string[]> {
  const candidates = ['go.mod', 'go.sum', 'main.go'].map((name) => path.join(module, name));
  const present = await Promise.all(candidates.map(exists));
  return candidates.filter((_, index) => present[index]);
}

async function requireGo(): Promise<void> {
  const found = await execa('go', ['version'], { reject: false });
  if (found.failed) {
    throw new ToolProblem(
      'Go is missing',
      'Install Go 1.21 or newer (it fetches the toolchain that a tool asks for).',
    );
  }
}

async function go(tool: GoTool, cwd: string, args: string[], progress?: Progress): Promise<string> {
  let compiled = 0;
  // A caller's GOFLAGS (-mod=mod, -buildvcs, ...) must not change what is built.
  const env = { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false', GOWORK: 'off' };
  const run = execa('go', args, { cwd, env, reject: false });
  if (progress) {
    run.stderr.on('data', (chunk: Buffer) => {
      compiled += chunk.toString().split('\n').length - 1;
      progress(`compiling, ${compiled} packages so far`);
    });
  }
  const result = await run;
  if (result.failed) {
    const tail = result.stderr.split('\n').slice(-15).join('\n');
    throw new ToolProblem(`Building ${tool.name} ${tool.version} failed (go ${args[0] ?? ''})`, tail);
  }
  return result.stdout;
}

async function copyOutOfModule(
  tool: GoTool,
  cwd: string,
  file: { readonly module: string; readonly path: string },
  target: string,
): Promise<void> {
  const folder = (await go(tool, cwd, ['list', '-m', '-f', '{{.Dir}}', file.module])).trim();
  await cp(path.join(folder, file.path), path.join(target, path.basename(file.path)), { recursive: true });
}
