import { ByExecution } from '../../model/coverage.js';
import { isOpen } from '../../model/execution.js';
import { isBreak, isJudged, OUTCOME_KINDS, type Outcome } from '../../model/outcome.js';
import type { Report } from '../../model/report.js';
import { html, type Html } from '../../untrusted/html.js';
import { executionUrl, type LinkOptions } from '../execution-link.js';
import { executionName } from '../workflow-ids.js';
import { linked } from './links.js';

/** A browser lays out as many at once; the others are in the JSON report. */
const MAX_ROWS = 2000;

/** Every execution and its outcome: what breaks first, then what was not judged, running ones before closed ones. */
export function executionsTable(report: Report, options: LinkOptions): Html {
  const { outcomes, findings, target } = report;
  if (outcomes.length === 0) return html`<p>No execution was replayed.</p>`;
  const findingOf = new ByExecution(
    findings.flatMap(({ executions }, index) =>
      executions.map((execution) => [execution, index + 1] as const),
    ),
  );
  const shown = [...outcomes].sort((a, b) => rank(a) - rank(b)).slice(0, MAX_ROWS);
  const kinds = OUTCOME_KINDS.filter((kind) => outcomes.some((outcome) => outcome.kind === kind));
  const row = ({ kind, execution }: Outcome): Html => {
    const finding = findingOf.get(execution);
    return html`<tr
      role="row"
      data-outcome="${kind}"
      data-state="${isOpen(execution) ? 'running' : 'closed'}"
    >
      <th role="rowheader" scope="row" data-label="Execution">
        ${linked(
          html`<code>${executionName(execution, options.showWorkflowIds)}</code>`,
          executionUrl(execution, target, options),
        )}
      </th>
      <td role="cell" data-label="Workflow type">${execution.workflowType}</td>
      <td role="cell" data-label="Status">${execution.status}</td>
      <td role="cell" data-label="Build ID">${execution.buildIds.at(-1)}</td>
      <td role="cell" data-label="Outcome">
        <span class="outcome ${tone(kind)}">${kind}</span>${
          finding === undefined
            ? undefined
            : html` <a href="#finding-${finding}">finding ${finding}</a>`
        }
      </td>
    </tr>`;
  };
  const heads = ['Execution', 'Workflow type', 'Status', 'Build ID', 'Outcome'];
  return html`<form id="filter" hidden>
      <label>Containing <input type="search" id="filter-text" autocomplete="off" /></label>
      <label
        >Outcome
        <select id="filter-outcome">
          <option value="">all</option>
          ${kinds.map((kind) => html`<option value="${kind}">${kind}</option>`)}
        </select></label
      >
      <label
        >State
        <select id="filter-state">
          <option value="">all</option>
          <option value="running">running</option>
          <option value="closed">closed</option>
        </select></label
      >
      <p id="filter-count" role="status"></p>
    </form>
    ${
      outcomes.length > shown.length
        ? html`<p>The first ${shown.length} of ${outcomes.length}; the JSON report has all.</p>`
        : undefined
    }
    <table
      class="executions"
      id="all-executions"
      role="table"
      aria-label="Executions and their outcomes"
    >
      <thead role="rowgroup">
        <tr role="row">
          ${heads.map((head) => html`<th role="columnheader" scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${shown.map(row)}
      </tbody>
    </table>`;
}

function rank(outcome: Outcome): number {
  const kind = isBreak(outcome) ? 0 : isJudged(outcome) ? 2 : 1;
  return kind * 2 + (isOpen(outcome.execution) ? 0 : 1);
}

function tone(kind: Outcome['kind']): string {
  if (isBreak({ kind })) return 'bad';
  return kind === 'passed' ? 'good' : 'unknown';
}
