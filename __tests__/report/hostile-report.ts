import { readable } from '../../src/untrusted/readable.js';
import type { Report } from '../../src/model/report.js';
import { aDrift, aDriftReview } from '../builders/drift.js';
import { aFinding } from '../builders/findings.js';
import { aVersionSetTarget } from '../builders/gate-parts.js';
import { anOutcome } from '../builders/outcomes.js';
import { aReport } from '../builders/reports.js';

/** Everything that could do something in a log, in Markdown, in HTML or to a reader's eyes. */
export const HOSTILE = [
  '</code></a><script>alert(1)</script><img src=x onerror=alert(2)>',
  '|`**x**`~~y~~[link](https://example.com)![i](//e.com)',
  '@everyone #1 GH-2 www.example.com https://example.com',
  '\r\n::error::forged\n##[error]forged\n# heading\n- item\n---\n```\n',
  '\u001b[31mred\u0007\u202eevil\u2066\u200b\u0000\ud800',
].join(' ');

/** Short enough for a file that people read. */
export const SHORT_HOSTILE = '</code>|**x** @all #1\n::error::x \u202e';

/** A report in which every name that others chose is hostile. */
export function hostileReport(name: string = HOSTILE): Report {
  const execution = {
    workflowId: name,
    runId: name,
    workflowType: name,
    taskQueue: name,
    status: 'Running',
    buildIds: [name],
  } as const;
  const left = { ...execution, workflowId: 'left', runId: 'left' };
  return aReport({
    commit: name,
    claim: { kind: 'claimed', buildId: name, from: 'title' },
    target: aVersionSetTarget({
      buildId: name,
      namespace: name,
      address: name,
      sets: [{ taskQueue: name, buildIds: [name] }],
      query: name,
    }),
    replayer: { language: name, sdkName: name, sdkVersion: name },
    listed: [execution, left],
    outcomes: [
      anOutcome('nondeterministic', execution, { message: name }),
      anOutcome('errored', left, { message: name }),
    ],
    findings: [
      aFinding({
        workflowType: name,
        headline: name,
        remedy: name,
        weight: { kind: 'decisive', reason: name },
        lines: { code: name, baseline: name },
        fix: { language: 'ts', code: `${readable(name)}${'`'.repeat(5)}` },
        timeline: [{ agrees: false, eventId: 5, history: name, code: { words: name } }],
        executions: [execution],
        divergence: {
          kind: 'differs',
          command: name,
          event: { eventId: 5, type: name, words: name },
          location: { file: `src/${name}.ts`, line: 1 },
        },
      }),
    ],
    drift: aDriftReview({
      differences: [
        aDrift({
          workflowTypes: [name],
          command: name,
          field: name,
          history: name,
          code: name,
          location: { file: `src/${name}.ts`, line: 1 },
        }),
      ],
      undecoded: [name],
    }),
    warnings: [name],
    problem: { found: name, expected: name, fix: name },
  });
}
