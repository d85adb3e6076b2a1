import { describe, expect, test } from '@jest/globals';
import type { Execution } from '../../src/model/execution.js';
import { replayRequest } from '../../src/replay/replay-histories.js';
import type { ReplayRequest } from '../../src/replay/replay-line.js';
import type { ReplayerProcess } from '../../src/replay/replayer-process.js';
import { dependsOnIds } from '../../src/replay/unknown-ids.js';
import { aRead } from './fake-replayer.js';

type Answer = (request: ReplayRequest) => string | undefined;

/** Judges a history whose file does not tell its IDs by code that answers so. */
async function isById(
  answer: Answer,
  unknownIds: Execution['unknownIds'] = ['workflowId', 'runId'],
) {
  const read = aRead('histories/a.json');
  const execution = { ...read.execution, ...(unknownIds.length === 0 ? {} : { unknownIds }) };
  const request = replayRequest({ ...read, execution });
  const asked: ReplayRequest[] = [];
  const replayer = {
    isUsable: true,
    replay: (again: ReplayRequest) => {
      asked.push(again);
      const message = answer(again);
      return Promise.resolve(
        message === undefined
          ? { kind: 'died' }
          : { kind: 'result', result: { outcome: 'nondeterministic', message } },
      );
    },
  } as unknown as ReplayerProcess;
  const result = {
    type: 'result',
    id: request.id,
    outcome: 'nondeterministic',
    message: answer(request),
  } as const;
  const depends = await dependsOnIds(execution, request, result, replayer, 1000);
  return { depends, request, asked };
}

describe('a break of a history whose IDs are not known', () => {
  test('comes from them where it names one', async () => {
    const { depends, request } = await isById(({ workflowId }) => `child ID ${workflowId}-child`);
    expect(depends).toBe(true);
    expect(request.workflowId).not.toContain('histories');
    expect(request.runId).not.toBe('run-1');
  });

  test('comes from them where it is another under others', async () => {
    const { depends } = await isById(({ workflowId }) =>
      workflowId.endsWith('a') ? 'hash 1' : 'hash 2',
    );
    expect(depends).toBe(true);
  });

  test('does not where it stays the same', async () => {
    const { depends, asked } = await isById(() => 'activity b where history holds a');
    expect(depends).toBe(false);
    expect(asked).toHaveLength(1);
  });

  test('does not where it is another each time', async () => {
    let turn = 0;
    const { depends } = await isById(() => `order ${(turn += 1)}`);
    expect(depends).toBe(false);
  });

  test('is not judged where nothing comes of trying', async () => {
    let turn = 0;
    const { depends } = await isById(() => ((turn += 1) > 1 ? undefined : 'it broke'));
    expect(depends).toBe(true);
  });

  test('is replayed with those that are known', async () => {
    const { request } = await isById(() => 'x', ['workflowId']);
    expect(request.runId).toBe('run-1');
  });
});

test('a break of a history that tells its IDs is asked about no further', async () => {
  const { depends, asked, request } = await isById(({ workflowId }) => workflowId, []);
  expect({ depends, asked }).toEqual({ depends: false, asked: [] });
  expect(request.workflowId).toBe('histories/a.json');
});
