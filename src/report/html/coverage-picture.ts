import type { CoverageRow } from '../../model/coverage.js';
import { isOpen } from '../../model/execution.js';
import { isBreak, type Outcome } from '../../model/outcome.js';
import type { Report } from '../../model/report.js';
import { html, type Html } from '../../untrusted/html.js';

const MAX_ROWS = 30;

const KINDS = [
  { name: 'passed', words: 'pass' },
  { name: 'broken', words: 'break' },
  { name: 'unjudged', words: 'not judged' },
  { name: 'left', words: 'not replayed' },
] as const;

type Kind = (typeof KINDS)[number]['name'];

type Counts = Readonly<Record<Kind, number>>;

/**
 * What was there, and what became of it: a bar for each workflow type, running executions and closed ones, and the same
 * in numbers. By status and build ID there are tables.
 */
export function coveragePicture({ coverage, outcomes }: Report): Html {
  if (coverage.matched === 0) return html`<p>No execution matched.</p>`;
  const shown = coverage.byType.slice(0, MAX_ROWS);
  const byType = new Map<string, { readonly open: Outcome[]; readonly closed: Outcome[] }>();
  for (const outcome of outcomes) {
    const { workflowType } = outcome.execution;
    const of = byType.get(workflowType) ?? { open: [], closed: [] };
    byType.set(workflowType, of);
    of[isOpen(outcome.execution) ? 'open' : 'closed'].push(outcome);
  }
  const more = coverage.byType.length - shown.length;
  return html`<ul class="legend">
      ${KINDS.map(
        ({ name, words }) =>
          html`<li>
            <svg width="14" height="14" aria-hidden="true" focusable="false">
              <rect width="14" height="14" class="${name}" />
            </svg>
            ${words}
          </li>`,
      )}
    </ul>
    <div class="bars">
      ${shown.map((row) => {
        const { open = [], closed = [] } = byType.get(row.name) ?? {};
        return html`<section class="type">
          <h3>${row.name}</h3>
          ${bar('Running', row.matchedOpen, open, row.name)}
          ${bar('Closed', row.matched - row.matchedOpen, closed, row.name)}
        </section>`;
      })}
    </div>
    ${more > 0 ? html`<p>… ${more} more workflow types; the JSON report has them.</p>` : undefined}
    <details>
      <summary>By status and newest build ID, in numbers</summary>
      ${numbers('Status', coverage.byStatus)} ${numbers('Newest build ID', coverage.byBuildId)}
    </details>`;
}

function bar(
  label: string,
  matched: number,
  outcomes: readonly Outcome[],
  type: string,
): Html | undefined {
  if (matched === 0) return undefined;
  const counts = countsOf(outcomes, matched);
  const words = KINDS.filter(({ name }) => counts[name] > 0)
    .map((kind) => `${counts[kind.name]} ${kind.words}`)
    .join(', ');
  let x = 0;
  const parts = KINDS.map(({ name }) => {
    const width = (counts[name] / matched) * 100;
    const part = html`<rect
      x="${x.toFixed(2)}"
      width="${width.toFixed(2)}"
      height="10"
      class="${name}"
    />`;
    x += width;
    return width > 0 ? part : undefined;
  });
  return html`<div class="bar">
    <span class="label">${label}: ${matched}</span>
    <svg
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      role="img"
      aria-label="${label} executions of ${type}: ${words}"
    >
      ${parts}
    </svg>
    <span class="counts">${words}</span>
  </div>`;
}

function countsOf(outcomes: readonly Outcome[], matched: number): Counts {
  const passed = outcomes.filter(({ kind }) => kind === 'passed').length;
  const broken = outcomes.filter(isBreak).length;
  const unjudged = outcomes.length - passed - broken;
  return { passed, broken, unjudged, left: Math.max(0, matched - outcomes.length) };
}

function numbers(title: string, rows: readonly CoverageRow[]): Html {
  const more = rows.length - MAX_ROWS;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${title}</th>
        <th scope="col">Running: replayed</th>
        <th scope="col">All: replayed</th>
      </tr>
    </thead>
    <tbody>
      ${rows.slice(0, MAX_ROWS).map(
        (row) =>
          html`<tr>
            <th scope="row">${row.name}</th>
            <td>${row.replayedOpen} of ${row.matchedOpen}</td>
            <td>${row.replayed} of ${row.matched}</td>
          </tr>`,
      )}${
        more > 0
          ? html`<tr>
              <th scope="row">… ${more} more</th>
              <td></td>
              <td></td>
            </tr>`
          : undefined
      }
    </tbody>
  </table>`;
}
