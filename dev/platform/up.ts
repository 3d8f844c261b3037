import { Listr, PRESET_TIMER, type ListrTask } from 'listr2';
import { installMissingPrograms } from '../tools/debian.ts';
import { tools } from '../tools/catalogue.ts';
import type { Progress } from '../tools/progress.ts';
import { binFolders, installTool, type Toolbox } from '../tools/toolbox.ts';
import { findBox, openBox } from './box.ts';
import { makeCertificates } from './certificates.ts';
import { makeImages } from './images.ts';
import type { Context, Part } from './part.ts';
import { parts } from './parts/index.ts';
import { requireFitMachine } from './preflight.ts';
import { PlatformProblem } from './problem.ts';
import { writeRecord } from './record.ts';
import { pathsOf, type Settings } from './settings.ts';
import { startPart, writeServices, type Running } from './start.ts';
import { exclusively, prepareState } from './state.ts';
import { rescan } from './supervisor.ts';

interface Task {
  output: string;
}
/** Shown below the task, and replaced by the next, on a terminal; in a log file every one of them would stay. */
const progressOf =
  (task: Task): Progress =>
  (what) => {
    if (process.stdout.isTTY) task.output = what;
  };

/**
 * Brings the embedded platform up: tools, images, the box, and every part when what it needs is healthy.
 * Harmless when it is up; after a crash it starts what is not running.
 * @throws PlatformProblem or ToolProblem that names what failed.
 */
export async function bringUp(settings: Settings, say: (line: string) => void): Promise<Running> {
  await requireFitMachine(settings);
  const waiting = () => {
    say(`another command works on platform ${settings.number}; waiting for it`);
  };
  return exclusively(settings, waiting, async () => {
    const context = await prepareContext(settings);
    const notice = await prepareState(settings);
    if (notice) say(notice);
    const searchPath = searchPathOf(context.toolbox);
    await makeCertificates(settings, searchPath);
    await writeRecord(context, searchPath);
    const changed = await writeServices(context, parts, searchPath);
    const box = (await findBox(settings)) ?? (await openBox(settings));
    await rescan(context);
    const running = { context, box, searchPath };
    await startAll(running, changed);
    return running;
  });
}

/** Where Debian puts programs. Not the caller's PATH: another shell must not make the parts look changed. */
const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** PATH of the parts: this Node.js, the tools, the system. */
function searchPathOf(toolbox: Toolbox): string {
  const nodeFolder = process.execPath.slice(0, process.execPath.lastIndexOf('/'));
  return [nodeFolder, ...binFolders(toolbox), systemPath].join(':');
}

/** Installs what is missing and collects what the parts refer to. */
async function prepareContext(settings: Settings): Promise<Context> {
  const toolbox: Record<string, string> = {};
  let images: Context['images'] = [];
  await new Listr(
    [
      { title: 'Debian packages', task: (_, task) => installMissingPrograms(progressOf(task)) },
      ...tools.map((tool): ListrTask => ({
        title: `${tool.name} ${tool.version}`,
        task: async (_, task) => {
          toolbox[tool.name] = await installTool(tool, progressOf(task));
        },
      })),
      {
        title: 'images',
        task: async (_, task) => {
          images = await makeImages(toolbox, progressOf(task));
        },
      },
    ],
    listOptions,
  ).run();
  return { settings, paths: pathsOf(settings), toolbox, images };
}

const listOptions = {
  rendererOptions: { timer: { ...PRESET_TIMER, condition: (ms: number) => ms > 500 }, collapseErrors: false },
  fallbackRendererOptions: { timer: { ...PRESET_TIMER, condition: (ms: number) => ms > 500 } },
} as const;

async function startAll(running: Running, changed: ReadonlySet<string>): Promise<void> {
  const healthy = new Map(parts.map((part) => [part.name, Promise.withResolvers<boolean>()]));
  const start = async (part: Part, task: Task): Promise<void> => {
    const needs = await Promise.all(
      part.needs.map(async (name) => [name, await healthy.get(name)?.promise] as const),
    );
    const missing = needs.filter(([, isHealthy]) => !isHealthy).map(([name]) => name);
    if (missing.length > 0)
      throw new PlatformProblem(`${part.name} was not started: it needs ${missing.join(', ')}`, '');
    await startPart(running, part, changed.has(part.name), progressOf(task));
  };
  const tasks = parts.map((part): ListrTask => ({
    title: part.name,
    task: async (_, task) => {
      const ended = healthy.get(part.name);
      await start(part, task).then(
        () => ended?.resolve(true),
        (error: unknown) => {
          ended?.resolve(false);
          throw error;
        },
      );
    },
  }));
  await new Listr(tasks, { ...listOptions, concurrent: true }).run();
}
