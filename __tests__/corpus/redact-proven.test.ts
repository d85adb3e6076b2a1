import { expect, test } from '@jest/globals';
import { redactProven, type RedactParts } from '../../src/corpus/redact-proven.js';
import type { WholeRead } from '../../src/corpus/whole-read.js';
import type { Outcome } from '../../src/model/outcome.js';
import { temporalReader } from '../../src/temporal/reader.js';
import { anExecution } from '../builders/executions.js';
import { aRead } from '../builders/gate-parts.js';

function read(workflowId: string): WholeRead {
  const one = aRead(anExecution({ workflowId, runId: `run of ${workflowId}` }));
  if (one.kind !== 'read') throw new Error('not read');
  return one;
}

const REDACTED = Buffer.from('redacted');

/** @param outcomeOf what a replay comes to, by the Workflow ID, the content, and how often it was asked for */
function parts(
  outcomeOf: (
    workflowId: string,
    isRedacted: boolean,
    attempt: number,
  ) => Pick<Outcome, 'kind' | 'message'>,
): RedactParts {
  const attempts = new Map<string, number>();
  return {
    redact: () => REDACTED,
    prepare: (one, bytes) => ({ ...one, history: { ...one.history, bytes } }),
    replay: (reads) =>
      Promise.resolve(
        reads.map((one) => {
          const { execution } = one;
          const isRedacted = one.kind === 'read' && one.history.bytes === REDACTED;
          const attempt = (attempts.get(execution.workflowId) ?? 0) + Number(isRedacted);
          attempts.set(execution.workflowId, attempt);
          const outcome = outcomeOf(execution.workflowId, isRedacted, attempt);
          return { read: one, outcome: { execution, ...outcome } };
        }),
      ),
    reader: temporalReader,
  };
}

const passed = { kind: 'passed' } as const;
const breaksAt = (eventId: number) =>
  ({
    kind: 'nondeterministic',
    message: `Nondeterminism error: No command for HistoryEvent(id: ${eventId}, TimerStarted)`,
  }) as const;

test('histories that replay as before are redacted, also those that break at the same event', async () => {
  const reads = [read('a'), read('b')];
  const contents = await redactProven(
    reads,
    parts((id) => (id === 'a' ? passed : breaksAt(5))),
  );
  expect(contents).toEqual([REDACTED, REDACTED]);
});

test('other contents are tried until one leads the same way', async () => {
  const [one] = await redactProven(
    [read('a')],
    parts((_, isRedacted, attempt) => (isRedacted && attempt < 7 ? breaksAt(5) : passed)),
  );
  expect(one).toBe(REDACTED);
});

test.each([
  ['another outcome', passed, breaksAt(5)],
  ['another event', breaksAt(5), breaksAt(9)],
  ['a break that is gone', breaksAt(5), passed],
])('%s is an error that names the history', async (_, before, after) => {
  const attempt = redactProven(
    [read('good'), read('bad')],
    parts((id, isRedacted) => (id === 'bad' && isRedacted ? after : before)),
  );
  await expect(attempt).rejects.toThrow(
    /^A history cannot be redacted: \S+ bad \(run run of bad\): with other contents it no longer replays as it did.*--keep/u,
  );
});

test('a history that cannot be judged proves nothing', async () => {
  const attempt = redactProven(
    [read('slow')],
    parts(() => ({ kind: 'errored', message: 'too slow' })),
  );
  await expect(attempt).rejects.toThrow(/slow.*could not be judged/u);
});

test('contents whose form is not known are told', async () => {
  const attempt = redactProven([read('odd')], {
    ...parts(() => passed),
    redact: () => {
      throw new Error('it holds a payload without an encoding');
    },
  });
  await expect(attempt).rejects.toThrow(/odd.*without an encoding/u);
});

test('many are named, and the rest is counted', async () => {
  const reads = Array.from({ length: 13 }, (_, index) => read(`bad-${index}`));
  const attempt = redactProven(
    reads,
    parts((_, isRedacted) => (isRedacted ? breaksAt(5) : passed)),
  );
  await expect(attempt).rejects.toThrow(/^13 histories.*bad-9.*and 3 more/u);
});
