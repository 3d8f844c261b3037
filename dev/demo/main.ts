/**
 * `make demo`: three releases of one LLM service. A good one is promoted, a bad one is rolled back by itself, one is
 * aborted by hand; under load, on the embedded platform or on a person's own cluster.
 */
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { workflowIdOf } from '../../src/domain/rollout/naming.ts';
import type { RolloutOutcome, RolloutState } from '../../src/domain/rollout/state.ts';
import { applyObjects, deleteObject, isNotFound, openCluster } from '../cluster/objects.ts';
import { isAccepted } from '../cluster/route.ts';
import { exampleVllm } from '../cluster/vllm.ts';
import { waitFor, waitForDeployment } from '../cluster/wait.ts';
import type { LiveSecond } from '../load/live.ts';
import { startLoad, type RunningLoad } from '../load/run.ts';
import { reportError } from '../platform/errors.ts';
import type { Addresses } from '../platform/external.ts';
import { usePlatform } from '../platform/use.ts';
import { bold, percent, splitBar } from './bar.ts';
import { rolloutFile, type DemoRelease } from './rollout-file.ts';
import { millisecondsBetween, Scene } from './scene.ts';
import { SluiceProcesses } from './worker-process.ts';

const namespace = 'llm';
const rollout = 'llama';
const ratePerSecond = 50;

const print = (line = '') => process.stdout.write(`${line}\n`);

async function demo(): Promise<void> {
  const addresses = await usePlatform();
  const { GATEWAY_URL: url } = addresses;
  if (url === undefined) throw new Error('GATEWAY_URL is not set: the demo sends its load there');
  const connection = await Connection.connect({ address: addresses.TEMPORAL_ADDRESS });
  const handle = new Client({ connection }).workflow.getHandle(workflowIdOf('default', namespace, rollout));
  await handle.terminate('make demo starts anew').catch(() => undefined);
  await deployAnew(addresses);

  const sluice = new SluiceProcesses(addresses);
  const stopWorker = sluice.startWorker();
  print(
    `${bold('Sending')} ${ratePerSecond} chat completions a second through the gateway, half of them streamed`,
  );
  let scene = new Scene(handle, print);
  let version = 'v1';
  const reports: string[] = [];
  const onSecond = (second: LiveSecond) => {
    printSecond(version, scene.weightPercent, second);
  };
  const load = startLoad({ url, ratePerSecond, model: 'llama' }, { onSecond });

  const start = async (release: DemoRelease, what: string) => {
    print(`\n${bold(`── ${release.version}: ${what}`)}`);
    const file = sluice.write(`${release.version}.yaml`, rolloutFile(release, addresses.PROMETHEUS_URL));
    await sluice.sluice('start', file);
    scene = new Scene(handle, print);
    version = release.version;
    return scene;
  };

  /** Before the worker ends: it alone reads the metrics. */
  const report = async () => {
    const file = path.join(sluice.folder, `${version}.html`);
    await sluice.sluice('report', rollout, '--namespace', namespace, '--out', file);
    reports.push(file);
  };

  try {
    const good = await start({ version: 'v2', behaviour: {} }, 'a good release');
    tell(await good.follow(), 'promoted', load);
    await report();

    const harmedBefore = failures(load);
    const bad = await start(
      { version: 'v3', behaviour: { errors: { http500PerThousand: 150 } } },
      'one of seven answers is an error',
    );
    const rolledBack = await bad.follow();
    tell(rolledBack, 'rolledBack', load);
    const backMs = millisecondsBetween(rolledBack.events, 'rolling back', 'all traffic is on stable');
    print(
      `     from breach to all traffic on stable: ${backMs ?? '?'} ms; requests harmed: ${failures(load) - harmedBefore}`,
    );
    await report();

    const unwanted = await start(
      { version: 'v4', behaviour: { answer: { meanTokens: 24 } } },
      'a person has second thoughts',
    );
    await unwanted.follow((state) => state.weightPercent === 50);
    print(bold('  $ sluice abort llama --namespace llm --reason "second thoughts"'));
    await sluice.sluice('abort', rollout, '--namespace', namespace, '--reason', 'second thoughts');
    tell(await unwanted.follow(), 'rolledBack', load);
    await report();
  } finally {
    const { sent, total, arms } = await load.stop();
    const harmed = Object.entries(arms).filter(([, tally]) => tally.failed > 0);
    const byWhom = harmed.map(([arm, tally]) => `${tally.failed} by ${arm}`).join(', ');
    print(
      `\n${sent} requests sent, ${total.good} answered well, ${total.failed} failed${byWhom && ` (${byWhom})`}.`,
    );
    await stopWorker();
    await connection.close();
  }
  print('The platform stays up. Look around:');
  print(`  Temporal UI  ${addresses.TEMPORAL_UI_URL ?? '-'}`);
  print(`  Prometheus   ${addresses.PROMETHEUS_URL}`);
  print('  kubectl      eval "$(make -s env)"; kubectl -n llm get pods,httproutes');
  for (const it of reports) print(`  report       ${it}`);
  print(`  worker log   ${sluice.workerLog}`);
  print('End it: make down');
}

/** Whatever a demo before this one left half-way is gone. */
async function deployAnew({ KUBECONFIG }: Addresses): Promise<void> {
  const { config, objects } = openCluster(KUBECONFIG);
  print(`\n${bold('Deploying')} examples/vllm (2 pods) into namespace ${namespace}`);
  const namespaceObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await deleteObject(objects, namespaceObject);
  const gone = () =>
    objects.read(namespaceObject).then(
      () => undefined,
      (error: unknown) => (isNotFound(error) ? true : undefined),
    );
  await waitFor(`the end of namespace ${namespace}`, gone, { timeoutMs: 120_000 });
  await applyObjects(objects, await exampleVllm(namespace));
  await waitForDeployment(config, namespace, 'vllm');
  const accepted = async () => ((await isAccepted(objects, namespace, 'llm')) ? true : undefined);
  await waitFor('the route to be accepted', accepted);
}

/** Says how it ended; a demo that ends otherwise than it should has failed. */
function tell({ outcome }: RolloutState, expected: RolloutOutcome['status'], load: RunningLoad): void {
  if (outcome?.status !== expected) process.exitCode = 1;
  for (const todo of outcome?.leftToDo ?? []) print(`  left to do: ${todo}`);
  print(`     ${load.snapshot().total.failed} requests have failed so far`);
}

function failures(load: RunningLoad): number {
  return load.snapshot().total.failed;
}

function printSecond(version: string, asked: number | null, { second, arms, total }: LiveSecond): void {
  const answered = arms[version]?.sent ?? 0;
  const p99 = total.latencyMs === null ? '-' : `${Math.round(total.latencyMs.p99)} ms`;
  const share = percent(answered, total.sent).padStart(7);
  const weight = (asked === null ? '-' : `${asked} %`).padStart(5);
  const bar = splitBar(answered, total.sent - answered, 40);
  print(
    `${String(second + 1).padStart(3)} s  ${version} asked ${weight} seen ${share}  ${bar}  failed ${total.failed}  p99 ${p99}`,
  );
}

await demo().catch(reportError);
