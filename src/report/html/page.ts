import { createHash } from 'node:crypto';
import { waysOut } from '../../claim/parse-claim.js';
import { isOpen } from '../../model/execution.js';
import { groupsOf } from '../../model/finding.js';
import { isBreak, isJudged } from '../../model/outcome.js';
import type { Report } from '../../model/report.js';
import { sentence } from '../../model/user-error.js';
import { Html, html } from '../../untrusted/html.js';
import { estimateWords } from '../estimate-words.js';
import type { FindingOptions } from '../finding-section.js';
import { pullRequestWords, verdictWord } from '../verdict-title.js';
import { coveragePicture } from './coverage-picture.js';
import { executionsTable } from './executions.js';
import { FILTER_SCRIPT } from './filter-script.js';
import { findingArticle } from './finding.js';
import { LOOK } from './look.js';
import {
  driftPart,
  factsPart,
  leftOutPart,
  patchesPart,
  reachPart,
  type Section,
} from './sections.js';

/** More findings are left to the JSON report: a page with thousands of tables does not open. */
const MAX_FINDINGS = 100;

/**
 * The whole report as one page that loads nothing: its policy lets only its own style and script be used, so that no
 * text of others can fetch or run anything, whatever it is.
 */
export function renderHtmlReport(report: Report, options: FindingOptions): string {
  const { verdict, warnings, estimate, problem } = report;
  const sections = sectionsOf(report, options);
  const whose = pullRequestWords(report);
  const claim =
    report.claim?.kind === 'claimed' ? `[compatible-${report.claim.buildId}]` : undefined;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy()}" />
        <meta name="referrer" content="no-referrer" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${verdictWord(verdict)} · Temporal replay</title>
        ${new Html(`<style>${LOOK}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the findings</a>
        <header>
          <div class="verdict ${toneOf(report)}">
            <h1>
              <span class="sign" aria-hidden="true">${verdict.passes ? '✓' : '✗'}</span
              >${verdictWord(verdict)}
            </h1>
            <p>${verdict.summary}</p>
            ${verdict.reason === 'malformed-claim' ? html`<p>To fix: ${sentence(waysOut())}</p>` : undefined}
            ${estimate === undefined ? undefined : html`<p>${estimateWords(estimate)}</p>`}
            <p class="quiet">
              ${verdict.passes ? 'The check is green' : 'The check is red'}${claim === undefined ? undefined : html`, for the claim <code>${claim}</code>`}${
                whose === undefined ? undefined : ` of ${whose}`
              },
              as of <time datetime="${report.asOf}">${minute(report.asOf)}</time>.
            </p>
          </div>
          ${warnings.map((warning) => html`<p class="warning">${warning}</p>`)} ${figures(report)}
          <nav aria-label="Contents">
            <ul>
              ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main id="main" tabindex="-1">
          ${
            problem === undefined
              ? undefined
              : html`<section class="card" aria-label="What ended the check">
                  <p><strong>Found:</strong> ${sentence(problem.found)}</p>
                  ${
                    problem.expected === undefined
                      ? undefined
                      : html`<p><strong>Expected:</strong> ${sentence(problem.expected)}</p>`
                  }${problem.fix === undefined ? undefined : html`<p><strong>To fix:</strong> ${sentence(problem.fix)}</p>`}
                </section>`
          }
          ${sections.map(
            ({ id, title, body }) =>
              html`<section id="${id}" aria-labelledby="${id}-title">
                <h2 id="${id}-title">${title}</h2>
                ${id === 'findings' ? body : html`<div class="card">${body}</div>`}
              </section>`,
          )}
        </main>
        <footer>
          <p>A check is a snapshot: of this commit, and of the executions at this time.</p>
        </footer>
        ${new Html(`<script>${FILTER_SCRIPT}</script>`)}
      </body>
    </html> `.source;
}

function policy(): string {
  const hash = (text: string): string =>
    `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; style-src ${hash(LOOK)}; script-src ${hash(FILTER_SCRIPT)}; base-uri 'none'; form-action 'none'`;
}

function toneOf({ verdict }: Report): string {
  if (!verdict.passes) return 'bad';
  return verdict.kind === 'compatible' ? 'good' : 'open';
}

function sectionsOf(report: Report, options: FindingOptions): readonly Section[] {
  const { findings, wayOut, outcomes } = report;
  const shown = findings.slice(0, MAX_FINDINGS);
  const more = findings.length - shown.length;
  const all: (Section | undefined)[] = [
    findings.length === 0
      ? undefined
      : {
          id: 'findings',
          title: findings.length === 1 ? '1 finding' : `${findings.length} findings`,
          body: html`${shown.map((finding, index) => findingArticle(finding, index + 1, report, options))}
          ${more > 0 ? html`<p>… ${more} more findings; the JSON report has them.</p>` : undefined}
          ${wayOut === undefined ? undefined : html`<p>${wayOut}</p>`}`,
        },
    report.target === undefined
      ? undefined
      : { id: 'coverage', title: 'Coverage', body: coveragePicture(report) },
    driftPart(report, options),
    reachPart(report, options),
    patchesPart(report, options),
    leftOutPart(report),
    factsPart(report),
    outcomes.length === 0
      ? undefined
      : { id: 'executions', title: 'Executions', body: executionsTable(report, options) },
  ];
  return all.filter((section) => section !== undefined);
}

/** What a reader looks for first, as numbers. */
function figures({ outcomes, coverage, findings, target }: Report): Html | undefined {
  if (target === undefined || coverage.matched === 0) return undefined;
  const open = outcomes.filter(({ execution }) => isOpen(execution));
  const openBreaks = open.filter(isBreak).length;
  const closedBreaks = outcomes.filter(isBreak).length - openBreaks;
  const judged = outcomes.filter(isJudged).length;
  const ways = findings.reduce((count, finding) => count + groupsOf(finding).length, 0);
  const figure = (name: string, value: string): Html =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<dl class="figures">
    ${figure('running executions break', `${openBreaks} of ${open.length}`)}
    ${figure('closed executions break', `${closedBreaks} of ${outcomes.length - open.length}`)}
    ${figure('executions replayed', `${judged} of ${coverage.matched}`)}
    ${figure(rootCauses(findings.length, ways), String(findings.length))}
  </dl>`;
}

function rootCauses(count: number, ways: number): string {
  return (count === 1 ? 'root cause' : 'root causes') + (ways > count ? `, in ${ways} ways` : '');
}

/** A time for people: to the minute. */
function minute(time: string): string {
  return time.replace(/^(.{10})T(.{5}).*Z$/u, '$1 $2 UTC');
}
