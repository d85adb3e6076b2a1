import { beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureCollection } from '../../src/diagnosis/failure-collection.js';
import type { DiagnosedFinding } from '../../src/diagnosis/failure.js';
import { SampleCollection } from '../../src/diagnosis/sample-collection.js';
import { proveFixes } from '../../src/gate/prove-fixes.js';
import type { Execution } from '../../src/model/execution.js';
import type { LinesEdit } from '../../src/model/proof.js';
import type { JudgedRead } from '../../src/replay/replay-histories.js';
import { temporalReader } from '../../src/temporal/reader.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { executions } from '../builders/executions.js';
import { FakeReplayers, PASSED, type AnswerTo } from '../builders/fake-replayers.js';
import { aFinding } from '../builders/findings.js';
import { aRead, FakeParts, gateSettings } from '../builders/gate-parts.js';

const BASE = ['export async function order() {', '  await reserve();', '  await ship();', '}', ''];
const HEAD = BASE.toSpliced(2, 0, '  await checkFraud();');
const LOCATION = { file: 'order.ts', line: 3 };

let workspace = '';
let baseline = '';
const stop = new AbortController();

beforeEach(async () => {
  workspace = await temporaryFolder('prove');
  baseline = join(workspace, 'baseline');
  await mkdir(baseline);
  await writeFile(join(workspace, 'order.ts'), HEAD.join('\n'));
  await writeFile(join(baseline, 'order.ts'), BASE.join('\n'));
});

const all = executions(5);
const failing = all.slice(0, 3);
const passing = all.slice(3);

function judged(execution: Execution, outcome: 'passed' | 'nondeterministic'): JudgedRead {
  const result = { type: 'result', id: '1', outcome, durationMs: 1 } as const;
  return { read: aRead(execution), outcome: { execution, kind: outcome }, result };
}

function diagnosed(changes: Partial<DiagnosedFinding> = {}): DiagnosedFinding {
  const { weight: _weight, ...finding } = aFinding({
    cause: 'command-added',
    divergence: {
      kind: 'extra-command',
      command: 'activity `checkFraud`',
      taskStartedEventId: 3,
      location: LOCATION,
    },
    executions: failing,
  });
  return {
    ...finding,
    key: 'one',
    roots: { own: ['order.ts:3'], maybe: [] },
    example: { execution: all[0] as Execution, isRecorded: true },
    divergingTasks: new Map(),
    passed: [],
    ...changes,
  };
}

interface Given {
  readonly findings?: readonly DiagnosedFinding[];
  readonly kept?: readonly Execution[];
  readonly answer?: AnswerTo;
  readonly start?: () => void;
  readonly signal?: AbortSignal;
}

/** What is proven, and which edits were tried. */
async function prove(given: Given = {}): Promise<{
  readonly findings: readonly DiagnosedFinding[];
  readonly tried: (readonly LinesEdit[])[];
  readonly asked: string[];
}> {
  const { findings = [diagnosed()], kept = failing, answer = PASSED } = given;
  const failures = new FailureCollection(temporalReader);
  const samples = new SampleCollection();
  for (const one of kept) failures.add(judged(one, 'nondeterministic'));
  for (const one of passing) samples.add(judged(one, 'passed'));
  const parts = new FakeParts();
  const tried: (readonly LinesEdit[])[] = [];
  const replayers = new FakeReplayers(answer);
  parts.tryEdits = async (edits, _stop, work) => {
    tried.push(edits);
    given.start?.();
    await work(replayers);
  };
  const proven = await proveFixes(
    findings,
    failures,
    samples,
    baseline,
    given.signal ?? stop.signal,
    {
      settings: { ...gateSettings(), workspace },
      parts,
      fetched: { listing: { executions: all, truncated: false } },
      replayers: parts.replayers,
      replayer: await parts.replayers.ready(),
      baseline: undefined,
      warn: () => undefined,
    },
  );
  return { findings: proven, tried, asked: replayers.asked.map(({ id }) => id) };
}

describe('an edit is offered', () => {
  test('where all failing executions pass with it, and what passed still does', async () => {
    const { findings, asked } = await prove();
    expect(findings[0]?.proof).toMatchObject({ failing: 3, passing: 1 });
    expect(findings[0]?.proof?.diff).toContain(`+  if (patched('change-check-fraud')) {`);
    // Two that pass have one shape: one of them is enough.
    expect(asked).toHaveLength(4);
  });

  test('as one for all findings of a root cause, each with its own executions', async () => {
    const other = diagnosed({ key: 'two', executions: failing.slice(0, 1) });
    const rest = diagnosed({ executions: failing.slice(1) });
    const { findings, tried } = await prove({ findings: [rest, other] });
    expect(findings.map(({ proof }) => proof?.failing)).toEqual([2, 1]);
    expect(tried).toHaveLength(1);
  });
});

describe('no edit is offered', () => {
  const notProven = async (given: Given): Promise<DiagnosedFinding | undefined> => {
    const { findings } = await prove(given);
    expect(findings[0]).not.toHaveProperty('proof');
    return findings[0];
  };

  test('where one failing execution still fails', async () => {
    let count = 0;
    const answer: AnswerTo = () => ({
      outcome: (count += 1) === 2 ? 'nondeterministic' : 'passed',
    });
    const { editsTried } = (await notProven({ answer })) ?? {};
    expect(editsTried).toBe(1);
  });

  test('where one that passed fails with it', async () => {
    let count = 0;
    await notProven({
      answer: () => ({ outcome: (count += 1) === 4 ? 'nondeterministic' : 'passed' }),
    });
  });

  test('where it does not compile, or a process does not start', async () => {
    await notProven({
      start: () => {
        throw new Error('Unexpected token');
      },
    });
  });

  test('where a replay comes to no result', async () => {
    await notProven({ answer: () => ({ kind: 'died', message: 'it looped' }) });
    await notProven({ answer: () => ({ outcome: 'errored' }) });
  });

  test('where no failing history was kept: nothing would be proven by nothing', async () => {
    const { findings, tried } = await prove({ kept: [] });
    expect(findings[0]).not.toHaveProperty('proof');
    expect(tried).toEqual([]);
  });

  test('where a finding of the root cause has no such history', async () => {
    const other = diagnosed({ key: 'two', executions: failing.slice(0, 1) });
    const rest = diagnosed({ executions: failing.slice(1) });
    const { findings } = await prove({ findings: [rest, other], kept: failing.slice(1) });
    expect(findings.some((one) => 'proof' in one)).toBe(false);
  });

  test('where it breaks without this change too, or by chance', async () => {
    const relation = { relation: 'pre-existing', words: 'breaks in the same way' } as const;
    for (const findings of [
      [diagnosed({ baseline: relation })],
      [diagnosed({ cause: 'nondeterministic-source' })],
      // One edit must mend all of a root cause.
      [diagnosed(), diagnosed({ key: 'two', cause: 'nondeterministic-source' })],
    ]) {
      const { findings: found, tried } = await prove({ findings });
      expect(found.some((one) => 'proof' in one)).toBe(false);
      expect(tried).toEqual([]);
    }
  });

  test('once there is no time', async () => {
    const { tried } = await prove({ signal: AbortSignal.abort() });
    expect(tried).toEqual([]);
    const over = new AbortController();
    const answer: AnswerTo = () => {
      over.abort();
      return { outcome: 'passed' };
    };
    const { findings } = await prove({ signal: over.signal, answer });
    expect(findings[0]).not.toHaveProperty('proof');
  });
});
