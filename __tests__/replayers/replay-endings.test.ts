import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endingOf } from '../../replayers/typescript/endings.js';
import { projectRoot } from '../../testing/project-root.js';

/** The rows of docs/internals/replay-endings.md about Core, held to both replayers. */

interface Row {
  readonly reason: string;
  readonly number: string;
  readonly text: string;
  readonly outcome: string;
}

const ROWS = [
  ...readFileSync(join(projectRoot, 'docs/internals/replay-endings.md'), 'utf8').matchAll(
    /^\| `([A-Z_]+)` \((\d+)\) \| `([^`]+)` \|.*\| `([a-z-]+)` \|$/gmu,
  ),
].map(([, reason = '', number = '', text = '', outcome = '']): Row => {
  return { reason, number, text, outcome };
});

/** As Core hands it over: in a dump of its structures, where the failure is one of its own. */
function dumped({ text }: Row): string {
  return /machines|Nondeterminism/u.test(text)
    ? `Workflow activation completion failed: Failure { failure: Some(Failure { message: "${text} \\"x\\"", source: "", stack_trace: "" }), force_cause: Unspecified }`
    : text;
}

/** What the SDKs answer by errors of their own, or by none. */
const BY_THE_SDK = new Set(['NONDETERMINISM', 'CACHE_FULL', 'LANG_REQUESTED']);

test('every reason has a row', () => {
  const numbers = new Set(ROWS.map(({ number }) => Number(number)));
  expect([...numbers].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('the TypeScript replayer takes each as the table says', () => {
  // A failed task and a completed workflow are other errors of the SDK, or none.
  const apart = new Set([...BY_THE_SDK, 'LANG_FAIL', 'WORKFLOW_EXECUTION_ENDING']);
  for (const row of ROWS.filter(({ reason }) => !apart.has(reason))) {
    const said = `Replay failed due to internal SDK issue. Code: ${row.reason}, Details: ${dumped(row)}`;
    const { outcome, message } = endingOf(said);
    expect([row.reason, row.text, outcome]).toEqual([row.reason, row.text, row.outcome]);
    expect(message).not.toContain('force_cause');
  }
});

test('the Python replayer takes each as the table says', () => {
  const rows = ROWS.filter(({ reason }) => !BY_THE_SDK.has(reason));
  const program = [
    'import json, sys',
    'from temporal_replay_gate.endings import ending_of',
    'print(json.dumps([ending_of(text) for text in json.load(sys.stdin)]))',
  ].join('\n');
  const answers = JSON.parse(
    execFileSync('python3', ['-B', '-c', program], {
      input: JSON.stringify(rows.map((row) => `${row.number}: ${dumped(row)}`)),
      env: { ...process.env, PYTHONPATH: join(projectRoot, 'replayers/python') },
      encoding: 'utf8',
    }),
  ) as [kind: string, message: string][];
  expect(answers.map(([kind], index) => [rows[index]?.text, kind])).toEqual(
    rows.map(({ text, outcome }) => [text, outcome]),
  );
  for (const [, message] of answers) expect(message).not.toContain('force_cause');
});
