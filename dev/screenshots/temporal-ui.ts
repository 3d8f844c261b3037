import type { Locator, Page } from 'playwright-core';

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

/** One workflow of the UI. */
export interface Address {
  readonly workflowId: string;
  readonly runId: string;
}

export type Tab = 'timeline' | 'history' | 'pending-activities' | 'user-metadata';

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
    await this.page.goto(`${this.#root}?query=${encodeURIComponent(query)}`);
    await this.page.getByRole('button', { name: 'Collapse saved views' }).click();
    await this.page.getByRole('columnheader', { name: 'SluiceOutcome' }).waitFor();
  }

  async openTab({ workflowId, runId }: Address, tab: Tab): Promise<void> {
    await this.page.goto(`${this.#root}/${encodeURIComponent(workflowId)}/${runId}/${tab}`);
    await this.page.getByRole('heading', { name: workflowId }).waitFor();
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

  /** A pending activity. */
  card(activity: string): Locator {
    return this.page.locator('main article, main li, main section').filter({ hasText: activity }).first();
  }

  /** The part of the page under a heading. */
  section(heading: string): Locator {
    return this.page
      .locator('main section, main div')
      .filter({ has: this.page.getByRole('heading', { name: heading }) })
      .last();
  }

  /** The line under the list. */
  listEnd(): Locator {
    return this.page.getByTestId('workflows-summary-table-configuration-button');
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
    // The editor lays the text out anew when it is left, and the buttons move with it: a click would miss them.
    await this.box.getByRole('heading').first().click();
    await editor.filter({ hasText: /^\{\s*\n/ }).waitFor();
  }

  /** Sends it and waits until the UI says that it went out. */
  async submit(): Promise<void> {
    await this.box.getByRole('button', { name: 'Submit' }).click();
    await this.box.waitFor({ state: 'hidden' });
  }
}
