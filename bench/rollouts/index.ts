import { bringUp } from '../../dev/platform/up.ts';
import { removePlatform } from '../../dev/platform/state.ts';
import { settings } from '../settings.ts';
import { renderTable } from '../table.ts';
import { measureCrowd, type Crowd } from './crowd.ts';
import { countWrites, measureHistory, measureTenPhases } from './forward.ts';
import { peers, type Measured } from './peers.ts';
import { measureAbort, measureReaction } from './reaction.ts';
import { Stage } from './stage.ts';
import { measureSurvival } from './survival.ts';
import { makeTarget } from './target.ts';
import { stopScraping } from './unwatched.ts';

type Figure = readonly [what: Measured, ours: string];

/** Its page of docs/benchmarks.md. */
export function benchRollouts(say: (line: string) => void): Promise<string> {
  return onStage(async (stage) => {
    const figures: Figure[] = [];
    for await (const figure of measure(stage)) {
      say(`${figure[0]}: ${figure[1]}`);
      figures.push(figure);
    }
    const rows = figures.map(([what, ours]) => [what, ours, ...peers[what]]);
    const head = ['', 'measured', 'budget', 'Argo Rollouts 1.10.2', 'Flagger 1.44'];
    return `## Rollouts\n\n${renderTable(head, rows)}\n`;
  });
}

/**
 * A worker is to bear 1,000. The embedded Temporal is not: it writes each heartbeat to a file, one after the other, and from
 * 700 rollouts on takes seconds for every step.
 */
const [many, toldEvery] = [500, 50];

/** The page of one worker with very many rollouts: some ten minutes, most of which is starting them. */
export function benchMany(say: (line: string) => void): Promise<string> {
  return onStage(async (stage) => {
    const crowd = await measureCrowd(stage, many, {
      tidy: false,
      say: (resting) => {
        if (resting % toldEvery === 0) say(`${resting} of ${many} rest`);
      },
    });
    const rows = [[`${many} at rest, a minute`, said(crowd), '30 s CPU, 100 % of looks']];
    return `## One worker\n\n${renderTable(['', 'measured', 'budget'], rows)}\n`;
  });
}

async function onStage(work: (stage: Stage) => Promise<string>): Promise<string> {
  await removePlatform(settings);
  await bringUp(settings, () => undefined);
  await stopScraping(settings);
  const stage = await Stage.open(settings);
  try {
    return await work(stage);
  } finally {
    await stage.close();
    await removePlatform(settings);
  }
}

async function* measure(stage: Stage): AsyncGenerator<Figure> {
  const [one, four] = ['bench', 'bench-unready'];
  await makeTarget(stage.cluster, one);
  const soon = await measureReaction(stage, one, { intervalMs: 1000, times: 10 });
  yield ['first bad sample to route written, interval 1 s', seconds(soon.fromSample)];
  yield ['breach to route written, interval 1 s', seconds(soon.fromBreach)];
  const usual = await measureReaction(stage, one, { intervalMs: 10_000, times: 5 });
  yield ['first bad sample to route written, interval 10 s', seconds(usual.fromSample)];
  await makeTarget(stage.cluster, four, 4);
  const unready = await measureReaction(stage, four, { intervalMs: 1000, times: 5, unready: true });
  yield ['the same, 1 of 4 stable pods unready, interval 1 s', seconds(unready.fromBreach)];
  yield ['abort to route written', seconds(await measureAbort(stage, one, 20))];
  const ten = await measureTenPhases(stage, one, 5);
  yield ['ten phases without bakes, pods ready', seconds(ten.all)];
  yield ['of these, until the gateway had accepted the routes', seconds(ten.gateway)];
  const writes = await countWrites(stage, one);
  yield ['writes to the API server, ten phases', String(writes.tenPhases)];
  yield ['writes to the API server, default plan', String(writes.defaultPlan)];
  const { events, bytes } = await measureHistory(stage, one);
  yield ['history of the default plan', `${events} events, ${(bytes / 1024).toFixed(0)} KiB`];
  const early = await measureSurvival(stage, one, 20_000);
  yield ['a bake of 60 s, worker killed after 20 s', `${early.bake.toFixed(1)} s`];
  const late = await measureSurvival(stage, one, 50_000);
  yield ['a bake of 60 s, worker killed after 50 s', `${late.bake.toFixed(1)} s`];
  const again = Math.max(early.watchingAgain, late.watchingAgain);
  yield ['worker restarted to watching again, the longer of the two', `${again.toFixed(1)} s`];
  yield ['50 at rest, a minute', said(await measureCrowd(stage, 50))];
  yield ['200 at rest, a minute', said(await measureCrowd(stage, 200))];
}

function seconds({ median, max }: { readonly median: string; readonly max: string }): string {
  return `${median} s, max ${max} s`;
}

function said({ workerCpuSeconds, workerMebibytes, mebibytesEach, apiServerCpuSeconds, looksOnTime }: Crowd) {
  const [own, api] = [workerCpuSeconds.toFixed(1), apiServerCpuSeconds.toFixed(1)];
  const memory = `${workerMebibytes.toFixed(0)} MiB (${mebibytesEach.toFixed(2)} more a rollout)`;
  const onTime = Math.round(looksOnTime * 100);
  return `${own} s CPU, ${memory}, API server ${api} s CPU, ${onTime} % of looks`;
}
