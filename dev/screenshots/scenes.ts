import { waitFor } from '../cluster/wait.ts';
import { takePicture, type Frame } from './picture.ts';
import { query, type Stage } from './stage.ts';
import type { Address, TemporalUi } from './temporal-ui.ts';

/** The rollouts that the pictures show. */
export interface Rollouts {
  /** Promoted; only in the list. */
  readonly promoted: Address;
  /** Rolled back by its guards. */
  readonly breached: Address;
  /** In its second phase. */
  readonly baking: Address;
  /** Its gates are inconclusive. */
  readonly holding: Address;
}

type Take = (name: string, frame: Frame) => Promise<void>;

/** Takes every picture, in the order of docs/temporal-ui.md. The last ones give orders, and check that they count. */
export async function photograph(
  ui: TemporalUi,
  { baking, breached, holding }: Rollouts,
  { stage, print }: { readonly stage: Pick<Stage, 'reach'>; readonly print: (line: string) => void },
): Promise<void> {
  const take: Take = async (name, frame) => {
    print(await takePicture(ui.page, `temporal-ui-${name}`, frame));
  };
  const { page } = ui;

  await ui.openList(query);
  for (const outcome of ['rolledBack: breach', 'promoted: completed'])
    await page.getByText(outcome).waitFor();
  await take('list', ui.list());

  await ui.openDetails(baking, /Phase 2 of 4: baking at 10 %/);
  await take('baking', { top: ui.header(), bottom: ui.currentDetails() });

  // Of the first requests at a weight there is nothing to say yet.
  await waitFor(
    'guards that have seen requests',
    async () => {
      await ui.openTab(baking, 'pending-activities');
      await page.getByText('"sentence"').nth(1).waitFor();
      return (await page.getByText(/"p99 latency \d/).count()) > 0 ? true : undefined;
    },
    { everyMs: 2000, timeoutMs: 120_000 },
  );
  await take('guards', { top: await ui.pendingActivity('watchGuards') });

  await ui.openDetails(holding, /Phase 1 of 4: holding at 1 %/);
  await take('holding', { top: ui.currentDetails() });

  await ui.openTab(breached, 'timeline');
  await page.getByText('"reason": "breach"').waitFor();
  await page.getByText('all traffic to stable').waitFor();
  await take('rolled-back', ui.timeline());

  await giveOrders(ui, baking, { stage, take });
}

async function giveOrders(
  ui: TemporalUi,
  rollout: Address,
  { stage, take }: { readonly stage: Pick<Stage, 'reach'>; readonly take: Take },
): Promise<void> {
  await ui.openTab(rollout, 'timeline');
  const update = await ui.openDialog('Update');
  await update.unfold();
  await take('updates', { top: update.box });
  await update.fill('hold', { by: 'anna', reason: 'the eval team wants a look' });
  await update.submit();
  await stage.reach(rollout, 'the hold', (state) => state.status === 'holding');

  const signal = await ui.openDialog('Signal');
  await signal.unfold();
  await signal.fill('abort', { by: 'anna', reason: 'answers are cut off' });
  await take('abort', { top: signal.box });
  await signal.submit();
  await stage.reach(
    rollout,
    'the end by the abort',
    ({ outcome }) => outcome?.reason === 'abort' && outcome.sentence.includes('anna'),
  );
}
