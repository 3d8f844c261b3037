import type { Locator, Page } from 'playwright-core';
import { viewport } from './browser.ts';
import type { Frame } from './picture.ts';

/** Columns of the list; the UI calls search attributes by their names. */
const columns = [
  'Status',
  'Workflow ID',
  'SluiceTarget',
  'SluiceVersion',
  'SluicePhase',
  'SluiceWeight',
  'SluiceOutcome',
];

/** What the UI keeps in the browser for a Temporal namespace (docs/temporal-ui.md tells it to people). */
const columnsKey = 'namespace-workflow-table-columns';

/** The list needs more than {@link viewport}, or its last columns are out of sight. */
const listWindow = { width: 1540, height: 900 };

/** How often a page of a workflow is loaded at most. */
const mostLoads = 10;

/** One workflow of the UI. */
export interface Address {
  readonly workflowId: string;
  readonly runId: string;
}

export type Tab = 'timeline' | 'pending-activities' | 'user-metadata';

/** Temporal's own UI, worked as a person does it. */
export class TemporalUi {
  readonly page: Page;
  readonly #root: string;

  /** @param url of the UI, for example `http://127.0.0.1:8233`. */
  constructor(page: Page, url: string) {
    this.page = page;
    this.#root = `${url}/namespaces/default/workflows`;
  }

  /** The list with Sluice's columns. @param query of Temporal's visibility. */
  async openList(query: string): Promise<void> {
    const chosen = JSON.stringify({ default: columns.map((label) => ({ label })) });
    await this.page.addInitScript(
      `localStorage.setItem(${JSON.stringify(columnsKey)}, ${JSON.stringify(chosen)})`,
    );
    await this.page.setViewportSize(listWindow);
    await this.page.goto(`${this.#root}?query=${encodeURIComponent(query)}`);
    await this.page.getByRole('button', { name: 'Collapse saved views' }).click();
    await this.page.getByRole('columnheader', { name: 'SluiceOutcome' }).waitFor();
  }

  async openTab({ workflowId, runId }: Address, tab: Tab): Promise<void> {
    await this.page.setViewportSize(viewport);
    await this.page.goto(`${this.#root}/${encodeURIComponent(workflowId)}/${runId}/${tab}`);
    const name = this.page.getByRole('heading', { name: workflowId });
    const refused = this.page.getByText('Too Many Requests');
    // A server that others keep busy answers so now and then; the page stays at it until it is loaded again.
    for (let loads = 1; loads < mostLoads; loads++) {
      await name.or(refused).first().waitFor();
      if (await name.isVisible()) return;
      await this.page.reload();
    }
    await name.waitFor();
  }

  /** The tab "User Metadata", once its current details begin with a headline. */
  async openDetails(address: Address, headline: RegExp): Promise<void> {
    await this.openTab(address, 'user-metadata');
    const details = this.page.frameLocator('#user-metadata-current-details');
    await details.getByRole('heading', { name: headline }).waitFor();
  }

  /** Name and state of the workflow that is open, and the tabs. */
  header(): Locator {
    return this.page.locator('main header');
  }

  /** After {@link openDetails}. */
  currentDetails(): Locator {
    return this.page.locator('div:has(> section > #user-metadata-current-details)');
  }

  /** After {@link openList}: count, filters, columns and rows. */
  list(): Frame {
    const bottom = this.page.getByTestId('workflows-summary-table-configuration-button');
    return { top: this.page.locator('main header'), bottom };
  }

  /** On the tab "Pending Activities": one of them, with all of its heartbeat, which scrolls otherwise. */
  async pendingActivity(type: string): Promise<Locator> {
    await this.page.addStyleTag({ content: '.cm-editor { max-height: none !important; }' });
    const name = this.page.getByRole('heading', { name: type, exact: true });
    return this.page.locator('main .surface-primary').filter({ has: name });
  }

  /** On the tab "Timeline": input and result, and what happened when. */
  timeline(): Frame {
    return {
      top: this.page.getByTestId('input-and-result'),
      bottom: this.page.locator('#event-history-timeline-graph'),
    };
  }

  /** Opens the dialog by the menu. */
  async openDialog(what: 'Signal' | 'Update'): Promise<MessageDialog> {
    await this.page.getByRole('button', { name: 'More Actions' }).click();
    await this.page.getByRole('menuitem', { name: `Send a${what === 'Update' ? 'n' : ''} ${what}` }).click();
    const dialog = this.page.locator('dialog[open]').filter({ hasText: `Send a` });
    await dialog.waitFor();
    return new MessageDialog(this.page, dialog, what);
  }
}

/** "Send a Signal" or "Send an Update". */
export class MessageDialog {
  readonly box: Locator;
  readonly #page: Page;
  readonly #what: 'Signal' | 'Update';

  constructor(page: Page, box: Locator, what: 'Signal' | 'Update') {
    this.#page = page;
    this.box = box;
    this.#what = what;
  }

  /** Unfolds the names, each with the description that the workflow gives. */
  async unfold(): Promise<Locator> {
    await this.box.getByTestId(`${this.#what.toLowerCase()}-select-button`).click();
    const names = this.box.getByRole('listbox');
    await names.waitFor();
    return names;
  }

  /** After {@link unfold}. */
  async fill(name: string, input: object): Promise<void> {
    await this.box.getByRole('option', { name: new RegExp(`^${name}`) }).click();
    const editor = this.box.getByRole('textbox').and(this.box.locator('.cm-content'));
    await editor.click();
    await this.#page.keyboard.insertText(JSON.stringify(input));
    await editor.filter({ hasText: JSON.stringify(input) }).waitFor();
  }

  /** Sends it and waits until the UI says that it went out. By keyboard: the editor may move the buttons when it is left. */
  async submit(): Promise<void> {
    await this.box.getByRole('button', { name: 'Submit' }).press('Enter');
    await this.box.waitFor({ state: 'hidden' });
  }
}
