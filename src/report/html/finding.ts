import { isOpen, type Execution } from '../../model/execution.js';
import { groupsOf, type Finding, type FindingGroup } from '../../model/finding.js';
import type { Report } from '../../model/report.js';
import { sentence } from '../../model/user-error.js';
import { html, htmlLines, type Html } from '../../untrusted/html.js';
import { atHome } from '../at-home.js';
import { baselineWords } from '../baseline-words.js';
import { causeWords } from '../cause-words.js';
import { othersWords } from '../divergence-words.js';
import { executionUrl } from '../execution-link.js';
import { countWords, type FindingOptions } from '../finding-section.js';
import { hitsWords, pinnedWords, typesOf } from '../hits-words.js';
import { executionName } from '../workflow-ids.js';
import { linked, place } from './links.js';
import { timeline } from './timeline.js';

/** As many are named at a group; the table of executions has them all. */
const MAX_NAMED_EXECUTIONS = 20;
const MAX_GROUPS = 20;

const WEIGHTS = {
  decisive: 'Makes the check red',
  historical: 'Warning: closed executions only',
  pinned: 'Warning: pinned executions only',
  'pre-existing': 'Warning: broken before this change',
} as const;

/** What breaks, where, how many executions, who caused it, and what to do; then each way in which it shows. */
export function findingArticle(
  finding: Finding,
  number: number,
  report: Report,
  options: FindingOptions,
): Html {
  const { weight, divergence, baseline, cause, fix, executions } = finding;
  const location = 'location' in divergence ? divergence.location : undefined;
  const all = groupsOf(finding);
  const groups = all.slice(0, MAX_GROUPS);
  const more = all.length - groups.length;
  const example = executions.find(isOpen) ?? executions[0];
  const commands =
    example === undefined
      ? undefined
      : atHome(example, report.target, report.claim, options.showWorkflowIds);
  return html`<article
    class="finding ${weight.kind}"
    id="finding-${number}"
    aria-labelledby="finding-${number}-title"
  >
    <p class="chip">${WEIGHTS[weight.kind]}</p>
    <h3 id="finding-${number}-title">${typesOf(finding).join(', ')}: ${causeWords(cause)}</h3>
    ${location === undefined ? undefined : html`<p class="where">${place(location, options.blobUrl)}</p>`}
    <p class="lead">${sentence(finding.headline)}${othersWords(finding)}</p>
    <p>
      <strong>${hitsWords(finding)}</strong>${pinnedWords(finding)}
      ${baseline === undefined ? undefined : baselineWords(baseline.relation)}
      ${weight.kind === 'decisive' ? undefined : html`Not red, because ${sentence(weight.reason)}`}
      ${causeLink(cause, options)}
    </p>
    <div class="remedy">
      <h4>What to do</h4>
      <p>${finding.remedy}</p>
      ${fix === undefined ? undefined : block(fix.code, 'The fix as code')}
    </div>
    ${groups.map((group, index) => groupSection(group, index, groups.length, number, report, options))}
    ${more > 0 ? html`<p>… ${more} more groups; the JSON report has them.</p>` : undefined}
    ${
      commands === undefined
        ? undefined
        : html`<details>
            <summary>See it on your own machine</summary>
            ${block(commands, 'Commands')}
          </details>`
    }
  </article>`;
}

function groupSection(
  group: FindingGroup,
  index: number,
  of: number,
  number: number,
  report: Report,
  options: FindingOptions,
): Html {
  const one = of === 1;
  const id = `finding-${number}-${index + 1}`;
  const title = one
    ? 'History beside the code'
    : `Way ${index + 1} of ${of}: ${causeWords(group.cause)}, in ${countWords(group)}`;
  return html`<section aria-labelledby="${id}">
    <h4 id="${id}">${title}</h4>
    ${one ? undefined : html`<p>${sentence(group.headline)}</p>`}
    ${timeline(group, `History beside the code, finding ${number}${one ? '' : `, way ${index + 1}`}`, options)}
    ${executionsOf(group, report, options)}
  </section>`;
}

function executionsOf(
  { executions }: FindingGroup,
  { target }: Report,
  options: FindingOptions,
): Html | undefined {
  const open = executions.filter(isOpen);
  const title = `${countWords({ executions })}, ${open.length} of them running`;
  if (options.showWorkflowIds === 'false') return html`<p>${title}.</p>`;
  const inOrder = [...open, ...executions.filter((one) => !isOpen(one))];
  const named = inOrder.slice(0, MAX_NAMED_EXECUTIONS);
  const more = inOrder.length - named.length;
  const item = (execution: Execution): Html =>
    html`<li>
      ${linked(
        html`<code>${executionName(execution, options.showWorkflowIds)}</code>`,
        executionUrl(execution, target, options),
      )}
      ${execution.status}
    </li>`;
  return html`<details>
    <summary>${title}</summary>
    <ul class="executions">
      ${named.map(item)}${more > 0 ? html`<li>… and ${more} more</li>` : undefined}
    </ul>
  </details>`;
}

/** Code that is wider than the page is scrolled, also by keyboard. */
function block(text: string, label: string): Html {
  return html`<pre
    tabindex="0"
    role="region"
    aria-label="${label}"
  ><code>${htmlLines(text)}</code></pre>`;
}

function causeLink(cause: Finding['cause'], { docsUrl }: FindingOptions): Html {
  const page = `causes/${cause}.md`;
  return docsUrl === undefined
    ? html`See <code>docs/${page}</code>.`
    : html`<a href="${docsUrl + page}" rel="noreferrer">About this cause</a>`;
}
