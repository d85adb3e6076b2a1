import type { FindingGroup } from '../../model/finding.js';
import type { TimelineCell, TimelineRow } from '../../model/timeline.js';
import { html, type Html } from '../../untrusted/html.js';
import { codeWords, historyWords } from '../divergence-words.js';
import type { TimelineOptions } from '../timeline-table.js';
import { place } from './links.js';

/** Steps around the place where the code diverges; the others are folded. */
const BEFORE = 5;
const AFTER = 5;

/** More folded steps are left to the JSON report. */
const MAX_FOLDED = 200;

/** A step as it is shown: where it diverges, the words of the finding fill what the recording lacks. */
interface Step extends TimelineRow {
  readonly state: 'agrees' | 'diverges' | 'follows';
}

/** What history holds beside what the baseline and this change do, each with its line of source. */
export function timeline(group: FindingGroup, label: string, options: TimelineOptions): Html {
  const steps = stepsOf(group);
  const at = steps.findIndex(({ state }) => state === 'diverges');
  const from = Math.max(0, at - BEFORE);
  const to = at + 1 + AFTER;
  const hasBaseline = steps.some(({ baseline }) => baseline !== undefined);
  const table = (some: readonly Step[], of: string): Html => {
    const heads = [
      '',
      'Event',
      'History',
      ...(hasBaseline ? ['Before this change'] : []),
      'This change',
    ];
    return html`<table class="timeline" role="table" aria-label="${of}">
      <thead role="rowgroup">
        <tr role="row">
          ${heads.map(
            (head) =>
              html`<th role="columnheader" scope="col">
                ${head === '' ? html`<span class="unseen">Agrees</span>` : head}
              </th>`,
          )}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${some.map((step) => row(step, hasBaseline, options))}
      </tbody>
    </table>`;
  };
  return html`${fold(steps.slice(0, from), (count) => `${count} before, which agree`, 'last', table)}
  ${table(steps.slice(from, to), label)}
  ${fold(steps.slice(to), (count) => `${count} that history holds after it`, 'first', table)}`;
}

function fold(
  steps: readonly Step[],
  words: (count: string) => string,
  keep: 'first' | 'last',
  table: (steps: readonly Step[], label: string) => Html,
): Html | undefined {
  if (steps.length === 0) return undefined;
  const title = words(steps.length === 1 ? '1 step' : `${steps.length} steps`);
  const shown = keep === 'first' ? steps.slice(0, MAX_FOLDED) : steps.slice(-MAX_FOLDED);
  const more = steps.length - shown.length;
  return html`<details class="steps">
    <summary>${title}</summary>
    ${more > 0 ? html`<p>The ${shown.length} nearest ones; the JSON report has all.</p>` : undefined}
    ${table(shown, title)}
  </details>`;
}

function stepsOf(group: FindingGroup): readonly Step[] {
  const { timeline: rows, divergence, baseline, lines } = group;
  const location = 'location' in divergence ? divergence.location : undefined;
  const at = rows.findIndex(({ agrees }) => !agrees);
  const here: Omit<TimelineCell, 'words'> = {
    ...(location === undefined ? {} : { location }),
    ...(lines?.code === undefined ? {} : { source: lines.code }),
  };
  const before =
    baseline === undefined
      ? undefined
      : {
          words: baseline.words,
          ...(baseline.location === undefined ? {} : { location: baseline.location }),
          ...(lines?.baseline === undefined ? {} : { source: lines.baseline }),
        };
  const diverging: TimelineRow = rows[at] ?? {
    agrees: false,
    ...('event' in divergence ? { eventId: divergence.event.eventId } : {}),
    history: 'event' in divergence ? divergence.event.words : historyWords(divergence),
  };
  const { code = { words: codeWords(divergence) } } = diverging;
  const step: Step = {
    ...(before === undefined ? {} : { baseline: before }),
    ...diverging,
    code: code.location === undefined ? { ...here, ...code } : code,
    state: 'diverges',
  };
  if (at === -1) return [...rows.map((one): Step => ({ ...one, state: 'agrees' })), step];
  return rows.map((one, index) =>
    index === at ? step : { ...one, state: one.agrees ? 'agrees' : 'follows' },
  );
}

const MARKS = {
  agrees: { sign: '✓', words: 'agrees' },
  diverges: { sign: '✗', words: 'differs' },
  follows: { sign: '·', words: 'not reached in replay' },
} as const;

function row(step: Step, hasBaseline: boolean, options: TimelineOptions): Html {
  const { sign, words } = MARKS[step.state];
  const { eventId, history, baseline, code } = step;
  const nothing = step.state === 'diverges' ? html`<span class="quiet">nothing</span>` : undefined;
  return html`<tr role="row" class="${step.state}">
    <td role="cell" class="mark">
      <span aria-hidden="true">${sign}</span><span class="words">${words}</span>
    </td>
    ${td('Event', eventId)} ${td('History', history ?? nothing)}
    ${hasBaseline ? td('Before this change', cell(baseline, options.baselineBlobUrl)) : undefined}
    ${td('This change', cell(code, options.blobUrl))}
  </tr>`;
}

/** A narrow screen shows no cell without content. */
function td(label: string, content: Html | string | number | undefined): Html {
  return html`<td
    role="cell"
    class="${content === undefined ? 'none' : 'has'}"
    data-label="${label}"
  >
    ${content}
  </td>`;
}

function cell(content: TimelineCell | undefined, blobUrl: string | undefined): Html | undefined {
  if (content === undefined) return undefined;
  const { words, location, source } = content;
  return html`${words}${
    location === undefined ? undefined : html`<span class="at">${place(location, blobUrl)}</span>`
  }${source === undefined ? undefined : html`<code class="source">${source}</code>`}`;
}
