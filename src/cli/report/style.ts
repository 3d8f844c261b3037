/** Of the page and its plots. Print is light, whatever the screen is. */
export const style = `
:root { color-scheme: light dark; --text: #1c2024; --faint: #60646c; --grid: #e0e1e6; --page: #fff; --panel: #f7f8fa;
  --canary: #b35900; --stable: #2b6cb0; --limit: #c0392b; --good: #1a7f4b; --bad: #c0392b; --open: #8a6d00; }
@media screen and (prefers-color-scheme: dark) { :root { --text: #e6e8eb; --faint: #9ba1a8; --grid: #33383d;
  --page: #111315; --panel: #1a1d20; --canary: #f5a04c; --stable: #6cb0f5; --limit: #ff7b6b; --good: #4cc38a; --bad: #ff7b6b;
  --open: #e0c04c; } }
@media print { :root { color-scheme: light; } figure, tr { break-inside: avoid; } details > * { display: revert; } }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 860px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { margin: 0 0 12px; font-size: 26px; } h2 { margin: 36px 0 8px; font-size: 18px; } h3 { margin: 16px 0 4px; font-size: 15px; }
.where, .note, .range, figcaption, dt, th { color: var(--faint); } .where { margin: 0; }
.verdict { margin: 0 0 12px; padding: 10px 14px; border-left: 4px solid; background: var(--panel); font-size: 16px; }
.verdict.good { border-color: var(--good); } .verdict.bad { border-color: var(--bad); } .verdict.open { border-color: var(--open); }
.verdict strong { margin-right: 6px; } .good strong { color: var(--good); } .bad strong { color: var(--bad); }
.todo { border: 2px solid var(--bad); padding: 0 14px; } .todo h2 { margin-top: 12px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0; } dd { margin: 0; }
figure { margin: 12px 0 20px; } figcaption { font-weight: 600; } svg { display: block; width: 100%; height: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--grid); text-align: left; vertical-align: top; }
td { overflow-wrap: break-word; } td:nth-child(2) { white-space: nowrap; }
.pass { color: var(--good); } .fail { color: var(--bad); } .inconclusive { color: var(--open); }
.legend span::before { content: ''; display: inline-block; width: 18px; margin-right: 6px; vertical-align: middle; border-top: 3px solid; }
.legend span { margin-right: 18px; } .legend .canary::before { border-color: var(--canary); }
.legend .stable::before { border-color: var(--stable); } .legend .limit::before { border-top: 2px dashed var(--limit); }
.pairs { display: flex; margin: 10px 0; font-size: 13px; line-height: 22px; text-align: center; white-space: nowrap; }
.pairs span { overflow: hidden; min-width: 2px; color: var(--page); background: var(--faint); }
.pairs .won { background: var(--canary); } .pairs .lost { background: var(--stable); }
summary { cursor: pointer; color: var(--faint); }
`;
