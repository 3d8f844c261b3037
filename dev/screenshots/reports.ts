import type { Page } from 'playwright-core';
import { takePicture } from './picture.ts';

/** As wide as the page's text, and high enough for all that a picture shows. */
const window = { width: 920, height: 2400 };

/** `sluice report` of rollouts, as HTML. */
export interface Reports {
  readonly promoted: string;
  readonly rolledBack: string;
  /** Rolled back by what an LLM judge said. */
  readonly judged: string;
}

/** The pictures of docs/report.md: from the verdict to the last metric. */
export async function photographReports(
  page: Page,
  { promoted, rolledBack, judged }: Reports,
  print: (line: string) => void,
): Promise<void> {
  await page.setViewportSize(window);
  const take = async (name: string, text: string) => {
    await page.setContent(text);
    const frame = { top: page.locator('header'), bottom: page.locator('figure').last() };
    print(await takePicture(page, name, frame));
  };
  await take('report-promoted', promoted);
  await take('report-rolled-back', rolledBack);
  await page.setContent(judged);
  const said = page.locator('section', { has: page.getByRole('heading', { name: 'What the judge said' }) });
  print(await takePicture(page, 'report-judge', { top: said }));
  await page.emulateMedia({ colorScheme: 'dark' });
  await take('report-dark', rolledBack);
  await page.close();
}
