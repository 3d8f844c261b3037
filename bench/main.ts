/**
 * `make bench`: measures what the docs state, one page of docs/benchmarks.md after the other. `make bench PAGES=rollouts`
 * measures one page anew and keeps the others; `many`, which takes long, is measured only when it is asked for.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { reportError } from '../dev/platform/errors.ts';
import { describeMachine } from './machine.ts';
import { benchPlatform } from './platform.ts';
import { benchMany, benchRollouts } from './rollouts/index.ts';

const results = path.join(import.meta.dirname, 'results');
const page = path.join(import.meta.dirname, '../docs/benchmarks.md');

const pages = { rollouts: benchRollouts, many: benchMany, platform: benchPlatform };
const usual: readonly string[] = ['rollouts', 'platform'];
const intro = `# Benchmarks

Written by \`make bench\`, which runs a platform of its own: real API server, gateway and Temporal. The page of one worker
is measured by \`make bench PAGES=many\` alone. For rollouts the pods are on a node without a kubelet, and Prometheus'
answers are made up, so that the figures are Sluice's alone. What each row measures is in bench/rollouts/. The columns of
the two other tools were measured once on a machine of this kind, 2 cores, when Sluice was designed; \`make bench\` does
not run them.

- After each weight Sluice waits until the gateway says that it has accepted it, and Contour gathers changes for a tenth of
  a second before it does. The two other tools do not wait, so the second row of the ten phases is Sluice's alone.
- At rest means: baking, guards of errors and p99 looking every 10 s. The worker's part is mostly HTTP and heartbeats: each guard sends one
  every 4 s, so that another worker takes over soon after its own died. Its memory is what the process holds, garbage that
  Node.js has not collected yet included.
- More rollouts than those of the page of one worker are not measured: the embedded Temporal writes each heartbeat to a
  file, one after the other, and from 700 rollouts on takes seconds for every step.
`;

async function bench(asked: readonly string[]): Promise<void> {
  const unknown = asked.filter((it) => !(it in pages));
  if (unknown.length > 0)
    throw new Error(`found ${unknown.join(', ')}; allowed: ${Object.keys(pages).join(', ')}`);
  await mkdir(results, { recursive: true });
  for (const [name, measure] of Object.entries(pages)) {
    if (!(asked.length > 0 ? asked : usual).includes(name)) continue;
    const text = await measure((line) => process.stderr.write(`${line}\n`));
    await writeFile(fileOf(name), `${text}\nMeasured on ${await describeMachine()}.\n`);
  }
  const parts = await Promise.all(
    Object.keys(pages).map((name) => readFile(fileOf(name), 'utf8').catch(() => '')),
  );
  const text = [intro, ...parts.filter((it) => it !== '')].join('\n');
  await writeFile(page, text);
  process.stdout.write(`\n${text}`);
}

function fileOf(name: string): string {
  return path.join(results, `${name}.md`);
}

await bench(process.argv.slice(2)).catch(reportError);
