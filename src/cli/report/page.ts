import { stretchesOf } from '../../domain/series/stretches.ts';
import { eventTable } from './events.ts';
import { header } from './header.ts';
import { html, Html } from './html.ts';
import { judgeSection } from './judge.ts';
import { plots } from './plots.ts';
import type { Report } from './report.ts';
import { StretchAxis } from './stretch-axis.ts';
import { style } from './style.ts';
import { judgementTables, phaseTable } from './tables.ts';

/** One page that needs nothing but itself: no script, nothing that is loaded from elsewhere. */
export function reportPage(report: Report): string {
  const { state, madeAtMs } = report;
  const axis = new StretchAxis(stretchesOf(state, madeAtMs));
  const { name, release } = state.plan;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="generator" content="sluice report" />
        <title>${name} to ${release.version}</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <main>
          ${header(report)} ${plots(axis, report)} ${judgeSection(state)}
          <section>
            <h2>What gates said</h2>
            ${judgementTables(state)}
          </section>
          <section>
            <h2>What happened</h2>
            ${eventTable(axis, state)}
          </section>
          <section>
            <h2>The plan</h2>
            ${phaseTable(state)}
          </section>
        </main>
      </body>
    </html> `;
  return page.text;
}
