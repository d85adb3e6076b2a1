import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { FailureCollection } from '../../src/diagnosis/failure-collection.js';
import { prepareEvents } from '../../src/temporal/history/prepare-history.js';
import type { JudgedRead } from '../../src/replay/replay-histories.js';
import { EventHistory } from '../builders/event-history.js';
import { anExecution } from '../builders/executions.js';
import { FakeReplayers, type AnswerTo } from '../builders/fake-replayers.js';
import { activity, IssuedCommands } from '../builders/recorded-commands.js';
import { temporalReader } from '../../src/temporal/reader.js';

const never = new AbortController().signal;

function broken(): JudgedRead {
  const execution = anExecution();
  const message =
    "Nondeterminism error: Activity type of scheduled event 'charge' does not match activity type of activity command 'ship'";
  const history = prepareEvents(new EventHistory().task().activity('charge').events);
  return {
    read: { kind: 'read', execution, history },
    outcome: { execution, kind: 'nondeterministic', message },
    result: { type: 'result', id: execution.runId, outcome: 'nondeterministic', message },
  };
}

async function causesOf(
  answer: AnswerTo,
  language = 'typescript',
): Promise<{ causes: string[]; replays: number }> {
  const failures = new FailureCollection(temporalReader);
  failures.add(broken());
  failures.add(broken());
  const replayers = new FakeReplayers(answer);
  await failures.record(replayers, 1000, never);
  await failures.repeat(replayers, { language }, 1000, never);
  const findings = diagnose(failures.all, { workspace: '/nowhere' }, temporalReader);
  return { causes: findings.map(({ cause }) => cause), replays: replayers.asked.length };
}

const ships = (line: number): IssuedCommands['list'] =>
  new IssuedCommands().in(3, activity('ship', { file: '/app/a.ts', line })).list;

describe('the same history, replayed five times', () => {
  test('with other commands each time is a non-deterministic source, for all of its kind', async () => {
    let replay = 0;
    const { causes } = await causesOf(() => {
      replay += 1;
      const name = replay === 5 ? 'pack' : 'ship';
      return {
        outcome: 'nondeterministic',
        commands: new IssuedCommands().in(3, activity(name)).list,
      };
    });
    expect(causes).toEqual(['nondeterministic-source']);
  });

  test('with the same commands is what the alignment says, and costs four replays of one', async () => {
    const { causes, replays } = await causesOf(() => ({
      outcome: 'nondeterministic',
      commands: ships(17),
    }));
    expect(causes).toEqual(['command-replaced']);
    expect(replays).toBe(2 + 4);
  });

  test('with the same command from other lines is the same', async () => {
    let line = 0;
    const { causes } = await causesOf(() => ({
      outcome: 'nondeterministic',
      commands: ships((line += 1)),
    }));
    expect(causes).toEqual(['command-replaced']);
  });

  test('that passes once is a non-deterministic source', async () => {
    let replay = 0;
    const { causes } = await causesOf(() => {
      replay += 1;
      return { outcome: replay === 4 ? 'passed' : 'nondeterministic', commands: ships(17) };
    });
    expect(causes).toEqual(['nondeterministic-source']);
  });
});
