/** How the page looks: light and dark, wide and narrow, on paper. Contrasts hold WCAG AA. */
export const LOOK = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --ink: #1b1f24; --quiet: #57606a; --line: #d5dae0; --link: #0550ae;
  --bad: #b3202a; --bad-back: #ffeceb; --good: #166b34; --good-back: #e3f6e8; --warn: #7d4e00; --warn-back: #fff4d6;
  --code-back: #eef1f4; --left: #c9d0d8; --focus: #0550ae;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1318; --card: #171c23; --ink: #e6eaef; --quiet: #a3adb8; --line: #333c47; --link: #7cb7ff;
    --bad: #ff8f88; --bad-back: #3a1a1c; --good: #6fd48a; --good-back: #14301d; --warn: #f0c05a; --warn-back: #33270c;
    --code-back: #222933; --left: #4a5563; --focus: #7cb7ff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 0 1rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, input:focus-visible, select:focus-visible, pre:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
code, pre { font: .875em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.quiet { color: var(--quiet); }
.verdict { margin: 1.5rem 0 1rem; padding: 1.25rem 1.5rem; border-radius: 10px; border-left: 8px solid; }
.verdict h1 { margin: 0 0 .25rem; font-size: 1.75rem; line-height: 1.2; }
.verdict p { margin: .25rem 0; max-width: 60rem; }
.verdict .sign { margin-right: .5rem; }
.verdict.bad { background: var(--bad-back); border-color: var(--bad); } .verdict.bad h1 { color: var(--bad); }
.verdict.good { background: var(--good-back); border-color: var(--good); } .verdict.good h1 { color: var(--good); }
.verdict.open { background: var(--warn-back); border-color: var(--warn); } .verdict.open h1 { color: var(--warn); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .75rem; margin: 0 0 1rem; padding: 0; }
.figures div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .6rem .9rem; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.figures dt { color: var(--quiet); font-size: .875rem; } .figures dd { margin: 0; font-size: 1.5rem; font-weight: 650; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; margin: 0 0 1rem; }
nav a { display: inline-block; padding: .25rem 0; }
.warning { background: var(--warn-back); border-left: 4px solid var(--warn); padding: .5rem .9rem; border-radius: 4px; margin: .5rem 0; }
main > section { margin: 0 0 2rem; }
h2 { font-size: 1.3rem; margin: 1.75rem 0 .75rem; }
h3 { font-size: 1.1rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h4 { font-size: .95rem; margin: 1.25rem 0 .4rem; }
.card, .finding { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem; margin: 0 0 1rem; }
.card > :first-child { margin-top: 0; }
.finding.decisive { border-top: 4px solid var(--bad); } .finding { border-top: 4px solid var(--warn); }
.chip { display: inline-block; margin: 0 0 .5rem; padding: .1rem .6rem; border-radius: 99px; font-size: .8rem; font-weight: 600; background: var(--warn-back); color: var(--warn); }
.decisive .chip { background: var(--bad-back); color: var(--bad); }
.where { margin: 0; } .lead { font-size: 1.05rem; max-width: 60rem; overflow-wrap: anywhere; }
.finding p { max-width: 60rem; overflow-wrap: anywhere; }
.remedy { border-left: 4px solid var(--good); background: var(--good-back); padding: .6rem 1rem; border-radius: 4px; }
.remedy h4 { margin: 0; } .remedy p { margin: .25rem 0; }
pre { background: var(--code-back); padding: .75rem 1rem; overflow-x: auto; border-radius: 6px; margin: .5rem 0; white-space: pre; overflow-wrap: normal; }
.remedy pre { background: var(--card); }
summary { cursor: pointer; padding: .3rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .925rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: break-word; font-weight: 400; }
thead th { color: var(--quiet); font-size: .825rem; font-weight: 600; white-space: nowrap; }
.timeline { table-layout: fixed; overflow-wrap: anywhere; } .timeline th:first-child { width: 2.5rem; } .timeline th:nth-child(2) { width: 4rem; }
.timeline .words { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.timeline .agrees .mark { color: var(--good); } .timeline .follows { color: var(--quiet); }
.timeline .diverges { background: var(--bad-back); } .timeline .diverges .mark { color: var(--bad); font-weight: 700; }
.timeline .diverges td { border-bottom-color: var(--bad); border-top: 1px solid var(--bad); }
.timeline .at { display: block; font-size: .9em; }
.timeline .source { display: block; margin-top: .2rem; padding: .2rem .4rem; background: var(--code-back); color: var(--ink); border-radius: 4px; }
.timeline .diverges .source { background: var(--card); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; margin: 0 0 .75rem; font-size: .9rem; }
.legend svg { vertical-align: -2px; }
.bars .type { margin: 0 0 1rem; } .bar { display: grid; grid-template-columns: 8rem 1fr 18rem; gap: .75rem; align-items: center; font-size: .925rem; margin: .2rem 0; }
.bar svg { width: 100%; height: 1.1rem; border-radius: 3px; background: var(--code-back); }
rect.passed { fill: var(--good); } rect.broken { fill: var(--bad); } rect.unjudged { fill: var(--warn); } rect.left { fill: var(--left); }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: 0 0 .75rem; }
form[hidden] { display: none; }
label { display: grid; gap: .15rem; font-size: .875rem; color: var(--quiet); }
input, select { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--quiet); border-radius: 6px; padding: .35rem .5rem; min-height: 2.5rem; }
form p { margin: 0 0 .5rem; color: var(--quiet); }
.outcome { font-weight: 600; } td a { white-space: nowrap; } td a code { white-space: normal; } .outcome.bad { color: var(--bad); } .outcome.good { color: var(--good); } .outcome.unknown { color: var(--warn); }
ul.executions { margin: .25rem 0; padding-left: 1.25rem; }
dl { margin: 0; } dl div { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: .75rem; padding: .3rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
.figures div { grid-template-columns: none; border-bottom: 1px solid var(--line); gap: 0; }
footer { color: var(--quiet); font-size: .875rem; padding-bottom: 2rem; }
tr[hidden] { display: none; }
@media (max-width: 44rem) {
  .verdict { padding: 1rem; } .card, .finding { padding: .9rem; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); } thead th { white-space: normal; } th, td { overflow-wrap: anywhere; }
  table[role=table] thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table[role=table], table[role=table] tbody { display: block; }
  table[role=table] tr { display: block; border: 1px solid var(--line); border-radius: 8px; padding: .4rem .6rem; margin: 0 0 .5rem; }
  table[role=table] tr[hidden] { display: none; }
  table[role=table] td, table[role=table] tbody th { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); overflow-wrap: anywhere; column-gap: .5rem; border: 0; padding: .2rem 0; }
  table[role=table] td > *, table[role=table] tbody th > * { grid-column: 2; justify-self: start; }
  table[role=table] [data-label]::before { content: attr(data-label); color: var(--quiet); font-size: .825rem; grid-column: 1; grid-row: 1; }
  table[role=table] td.none { display: none; }
  .timeline .words { position: static; width: auto; height: auto; clip-path: none; }
  .timeline td.mark { display: flex; gap: .4rem; font-weight: 600; }
  .timeline tr.diverges { border-color: var(--bad); border-width: 2px; } .timeline .diverges td { border: 0; }
  .bar { grid-template-columns: 1fr; gap: .1rem; margin: .5rem 0; }
  dl div { grid-template-columns: minmax(0, 1fr); gap: 0; }
}
@media print { body { background: none; } nav, form, .skip { display: none; } .card, .finding { break-inside: avoid; } }
`;
