import path from 'node:path';
import { tools, type Tool } from './catalogue.ts';
import { buildGoTool } from './go-tool.ts';
import type { Progress } from './progress.ts';
import { fetchWheelTool } from './wheel-tool.ts';

/** Where each installed tool lies: tool name -> its folder in the cache. */
export type Toolbox = Readonly<Record<string, string>>;

/** Makes one tool ready, from the cache when it is there. */
export function installTool(tool: Tool, progress: Progress): Promise<string> {
  return tool.kind === 'go' ? buildGoTool(tool, progress) : fetchWheelTool(tool, progress);
}

/** The folders to put on PATH so that every tool is found. */
export function binFolders(toolbox: Toolbox): string[] {
  return tools.map((tool) => path.join(folderOf(toolbox, tool.name), 'bin'));
}

/** A file that a tool brought beside its binaries. */
export function toolFile(toolbox: Toolbox, tool: string, file: string): string {
  return path.join(folderOf(toolbox, tool), 'files', file);
}

function folderOf(toolbox: Toolbox, tool: string): string {
  const folder = toolbox[tool];
  if (folder === undefined) throw new Error(`tool ${tool} is not installed`);
  return folder;
}

/** A binary of a tool. */
export function toolBinary(toolbox: Toolbox, tool: string, binary: string): string {
  return path.join(folderOf(toolbox, tool), 'bin', binary);
}
