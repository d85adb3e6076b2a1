import { toldDrift } from '../../model/drift.js';
import type { Report } from '../../model/report.js';
import type { SourceLocation } from '../../model/source-location.js';
import { html, type Html } from '../../untrusted/html.js';
import { executionGroups } from '../../model/target.js';
import { notesOn } from '../drift-section.js';
import { driftWords } from '../drift-words.js';
import { factsOf, type FactPart } from '../facts.js';
import type { FindingOptions } from '../finding-section.js';
import { groupWords } from '../group-words.js';
import { leftOutByReason } from '../left-out.js';
import { adviceWords } from '../patches-section.js';
import { reachWords } from '../reach-section.js';
import { place } from './links.js';

const MAX_ROWS = 100;

/** A part of the page with a heading of its own, which the contents name. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** Where the code differs from history and replay passes; undefined without any. */
export function driftPart({ drift }: Report, options: FindingOptions): Section | undefined {
  if (drift === undefined) return undefined;
  const told = toldDrift(drift);
  const notes = notesOn(drift);
  if (told.length === 0 && notes.length === 0) return undefined;
  const rows = told
    .slice(0, MAX_ROWS)
    .map((one) => [
      one.location === undefined
        ? html`${one.workflowTypes.join(', ')}`
        : place(one.location, options.blobUrl),
      one.command,
      driftWords(one),
      `${one.executions}, ${one.running} of them running`,
    ]);
  return {
    id: 'drift',
    title: `Drift: ${told.length} ${told.length === 1 ? 'difference' : 'differences'} from history`,
    body: html`${
      told.length === 0
        ? undefined
        : html`<p>
              Here the code differs from history. Replay does not look at this, so the executions go
              on.
            </p>
            ${table('Drift', ['Where', 'Command', 'What differs', 'Executions'], rows, told.length)}`
    }${notes.map((note) => html`<p>${note}</p>`)}`,
  };
}

/** Which patches running executions still need. */
export function patchesPart(report: Report, options: FindingOptions): Section | undefined {
  const { patches } = report;
  if (patches.length === 0) return undefined;
  const rows = patches
    .slice(0, MAX_ROWS)
    .map((patch) => [
      html`<code>${patch.id}</code>`,
      html`${patch.locations.slice(0, 3).map((at) => html`${place(at, options.blobUrl)} `)}`,
      `${patch.runningWith} with, ${patch.runningWithout} without`,
      adviceWords(patch, report),
    ]);
  const heads = ['Patch', 'Asked for at', 'Running executions', 'What can be done'];
  return {
    id: 'patches',
    title: `Patches: ${patches.length}`,
    body: table('Patches', heads, rows, patches.length),
  };
}

/** The changed lines that no replayed history has run. */
export function reachPart({ reach }: Report, options: FindingOptions): Section | undefined {
  if (reach === undefined) return undefined;
  const { unreached } = reach;
  const shown = unreached.slice(0, MAX_ROWS);
  const more = unreached.length - shown.length;
  const item = ({ file, startLine, endLine }: (typeof unreached)[number]): Html => {
    const at: SourceLocation = { file, line: startLine };
    return html`<li>
      ${place(at, options.blobUrl)}${startLine === endLine ? undefined : ` to ${endLine}`}
    </li>`;
  };
  return {
    id: 'reach',
    title: 'Changed lines',
    body: html`<p>${reachWords(reach)}</p>
      ${
        shown.length === 0
          ? undefined
          : html`<ul>
              ${shown.map(item)}${more > 0 ? html`<li>… ${more} more</li>` : undefined}
            </ul>`
      }`,
  };
}

/** What no replay judged, by reason. */
export function leftOutPart({ outcomes, coverage }: Report): Section | undefined {
  const all = leftOutByReason(outcomes);
  const notReached = coverage.matched - outcomes.length;
  if (all.length === 0 && notReached <= 0) return undefined;
  const rows = all
    .slice(0, MAX_ROWS)
    .map(({ kind, reason, executions }) => [String(executions.length), kind, reason]);
  return {
    id: 'left-out',
    title: 'Left out',
    body: html`${
      notReached > 0
        ? html`<p>
            ${notReached} matching ${notReached === 1 ? 'execution was' : 'executions were'} not
            replayed: the budget ended, or others were chosen.
          </p>`
        : undefined
    }${rows.length === 0 ? undefined : table('Left out', ['Executions', 'Outcome', 'Why'], rows, all.length)}`,
  };
}

/** What was checked, against what, when and with what. */
export function factsPart(report: Report): Section {
  const part = (one: FactPart): Html => {
    if ('code' in one) return html`<code>${one.code}</code>`;
    return html`${'own' in one ? one.own : one.text}`;
  };
  const groups = report.target === undefined ? [] : executionGroups(report.target);
  const rows = groups.map(({ group, query }) => {
    const counts = report.coverage.byGroup?.find(({ name }) => name === group);
    return [
      groupWords(group),
      `${counts?.replayed ?? 0} of ${counts?.matched ?? 0}`,
      html`<code>${query}</code>`,
    ];
  });
  return {
    id: 'facts',
    title: 'What was checked',
    body: html`<dl>
        ${factsOf(report).map(
          ({ name, parts }) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${parts.map((one, index) => html`${index > 0 ? ', ' : ''}${part(one)}`)}</dd>
            </div>`,
        )}
      </dl>
      ${
        rows.length === 0
          ? undefined
          : table(
              'Groups of executions',
              ['Group', 'Replayed of matched', 'Query'],
              rows,
              rows.length,
            )
      }`,
  };
}

/** A table that becomes a list of cards where the screen is narrow. The roles stay what they are. */
function table(
  label: string,
  heads: readonly string[],
  rows: readonly (readonly (Html | string)[])[],
  of: number,
): Html {
  return html`<table role="table" aria-label="${label}">
      <thead role="rowgroup">
        <tr role="row">
          ${heads.map((head) => html`<th role="columnheader" scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map(
          (cells) =>
            html`<tr role="row">
              ${cells.map(
                (cell, index) => html`<td role="cell" data-label="${heads[index]}">${cell}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
    ${of > rows.length ? html`<p>… ${of - rows.length} more; the JSON report has them.</p>` : undefined}`;
}
