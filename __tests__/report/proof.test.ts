import { describe, expect, test } from '@jest/globals';
import { mergeProofs, proofWords, type Proof } from '../../src/model/proof.js';
import { concealWorkflowIds } from '../../src/report/conceal-workflow-ids.js';
import { renderSuggestions } from '../../src/report/suggestions.js';
import { renderSummary } from '../../src/report/summary.js';
import { anExecution, executions } from '../builders/executions.js';
import { aFinding } from '../builders/findings.js';
import { aReport } from '../builders/reports.js';

const PROOF: Proof = {
  edits: [
    { file: 'src/order.ts', line: 7, before: ['  await a();'], after: ['  if (x) {', '  }'] },
  ],
  diff: '--- a/src/order.ts\n+++ b/src/order.ts\n@@ -7,1 +7,2 @@\n-  await a();\n+  if (x) {\n+  }',
  failing: 3,
  passing: 2,
};

const report = (changes: Partial<Parameters<typeof aFinding>[0]> = {}) =>
  aReport({ findings: [aFinding({ executions: executions(3), proof: PROOF, ...changes })] });

describe('a proven fix', () => {
  test('takes the place of the code in words, with what it rests on', () => {
    const summary = renderSummary(report({ fix: { language: 'ts', code: 'in words' } }), {
      showWorkflowIds: 'true',
      reports: 1,
    } as Parameters<typeof renderSummary>[1]);
    expect(summary).toContain(
      '**Proven: 3 of 3 failing executions pass with it, and 2 of 2 that passed still do.**',
    );
    expect(summary).toContain(`\`\`\`diff\n${PROOF.diff}\n\`\`\``);
    expect(summary).not.toContain('in words');
  });

  test('that none is says so', () => {
    const { proof: _proof, ...finding } = aFinding({ editsTried: 2 });
    const summary = renderSummary(aReport({ findings: [finding] }), {
      showWorkflowIds: 'true',
      reports: 1,
    } as Parameters<typeof renderSummary>[1]);
    expect(summary).toContain(
      'No edit is proven. None of 2 edits that were tried lets all failing executions pass.',
    );
  });

  test('does not claim executions that were not replayed', () => {
    expect(proofWords(PROOF, 10)).toContain('executions that were tried pass with it (10 fail)');
  });

  test('is left out where it names an execution that is not to be shown', () => {
    const named = { executions: [anExecution({ workflowId: 'await' })] };
    expect(concealWorkflowIds(report(named), 'hash').findings[0]).not.toHaveProperty('proof');
    expect(concealWorkflowIds(report(named), 'true').findings[0]).toHaveProperty('proof');
  });

  test('is suggested line by line, and never with a line that is not shown as it is', () => {
    expect(renderSuggestions(report())).toMatchObject([
      {
        path: 'src/order.ts',
        from: 7,
        to: 7,
        body: expect.stringContaining('```suggestion\n  if'),
      },
    ]);
    const [edit] = PROOF.edits;
    if (edit === undefined) throw new Error('no edit');
    const odd = { ...PROOF, edits: [{ ...edit, after: ['  a(\u202e);'] }] };
    expect(renderSuggestions(report({ proof: odd }))).toEqual([]);
    const fenced = { ...PROOF, edits: [{ ...edit, after: ['\t\ta(`b`, ```c```);'] }] };
    expect(renderSuggestions(report({ proof: fenced }))[0]?.body).toContain(
      '````suggestion\n\t\ta(`b`, ```c```);\n````',
    );
  });
});

test('several runs prove one edit together, or none', () => {
  expect(mergeProofs([PROOF, { ...PROOF, failing: 2 }])).toMatchObject({ failing: 5, passing: 2 });
  expect(mergeProofs([PROOF, { ...PROOF, diff: 'another' }])).toBeUndefined();
  expect(mergeProofs([PROOF, undefined])).toBeUndefined();
  expect(mergeProofs([undefined, PROOF])).toBeUndefined();
});
