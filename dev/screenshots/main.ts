/**
 * `make screenshots`: the pictures of docs/temporal-ui.md and docs/report.md, of real rollouts in Temporal's own UI on the embedded
 * platform: one promoted, one rolled back by a breach, one by a judge, one that bakes, one that holds.
 */
import type { RolloutState } from '../../src/domain/rollout/state.ts';
import { reportError } from '../platform/errors.ts';
import { externalAddresses, type Addresses } from '../platform/external.ts';
import { PlatformProblem } from '../platform/problem.ts';
import { readSettings } from '../platform/settings.ts';
import { usePlatform } from '../platform/use.ts';
import { openBrowser, openWindow } from './browser.ts';
import { hastyGuards, judgedFile, patientFile, patientGuards, quickFile } from './rollout-files.ts';
import { photographReports } from './reports.ts';
import { photograph } from './scenes.ts';
import { Stage } from './stage.ts';
import { TemporalUi } from './temporal-ui.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

async function screenshots(): Promise<void> {
  if (externalAddresses(process.env, readSettings()) !== undefined) {
    throw new PlatformProblem(
      'KUBECONFIG, TEMPORAL_ADDRESS and PROMETHEUS_URL name a cluster of your own',
      'The pictures are taken on the embedded platform only: namespaces chat and search are deleted for them. Unset these variables.',
      2,
    );
  }
  const addresses = await usePlatform();
  const { TEMPORAL_UI_URL: url } = addresses;
  if (url === undefined) throw new Error('TEMPORAL_UI_URL must be set: the pictures are taken there');
  const browser = await openBrowser(print);
  try {
    print('Deploying two services, with load');
    const stage = await Stage.setUp(addresses, { namespaces: ['chat', 'search'], judgedIn: ['chat'] }, print);
    try {
      const window = await openWindow(browser, url);
      const ui = new TemporalUi(await window.newPage(), url);
      const { reports, ...rollouts } = await play(stage, addresses);
      await photographReports(await window.newPage(), reports, print);
      await photograph(ui, rollouts, { stage, print });
    } finally {
      print('Clearing away');
      await stage.tearDown();
    }
  } finally {
    await browser.close();
  }
}

/** Starts what the pictures show, and waits until it is there. */
async function play(stage: Stage, { PROMETHEUS_URL: prometheus }: Addresses) {
  const by = (who: string, reason: string) => ['--by', who, '--reason', reason];
  const bad = { version: 'v3', behaviour: { errors: { http500PerThousand: 150 } } };

  // Few requests come by at 1 %, so that its gates lack samples.
  const gates = [{ metric: 'error-rate', max: '0.1%', minimumSamples: 3000 }];
  const holding = await stage.start(
    'search',
    patientFile('search', { version: 'v8', behaviour: {} }, prometheus, gates),
    ...by('anna', 'new tokenizer'),
  );
  const promoted = await stage.start(
    'chat',
    quickFile('chat', { version: 'v2', behaviour: {} }, prometheus, patientGuards),
    ...by('ci', 'release of the week'),
  );
  await stage.reach(promoted, 'its promotion', ({ outcome }) => outcome?.status === 'promoted');
  const good = await stage.report('chat');
  const breached = await stage.start(
    'chat',
    quickFile('chat', bad, prometheus, hastyGuards),
    ...by('ci', 'release of the week'),
  );
  await stage.reach(breached, 'its breach', ({ outcome }) => outcome?.reason === 'breach');
  const wayBack = await stage.report('chat');
  const worse = { version: 'v3.1', behaviour: { quality: { wrongPerThousand: 200 } } };
  const judged = await stage.start(
    'chat',
    judgedFile('chat', worse, prometheus),
    ...by('ci', 'release of the week'),
  );
  await stage.reach(judged, 'its judgement', ({ outcome }) => outcome?.reason === 'breach');
  const judgement = await stage.report('chat');

  const baking = await stage.start(
    'chat',
    patientFile('chat', { version: 'v4', behaviour: {} }, prometheus),
    ...by('ci', 'release of the week'),
  );
  const bakesAt = (percent: number) => (state: RolloutState) =>
    state.status === 'baking' && state.weightPercent === percent;
  for (const [namespace, rollout] of [
    ['chat', baking],
    ['search', holding],
  ] as const) {
    await stage.reach(rollout, 'phase 1', bakesAt(1));
    await stage.order(namespace, 'advance', ...by('anna', 'looks clean'));
  }
  await stage.reach(baking, 'phase 2', bakesAt(10));
  await stage.reach(holding, 'its hold', (state) => state.status === 'holding');
  return {
    promoted,
    breached,
    baking,
    holding,
    reports: { promoted: good, rolledBack: wayBack, judged: judgement },
  };
}

await screenshots().catch(reportError);
