/** @tier middle */
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import type { ResultMessage } from '../../src/replay/protocol.js';
import { HistoryMessage } from '../../src/temporal/history/proto.js';
import { projectRoot } from '../../testing/project-root.js';
import { findPythonSdk, NEWEST_PYTHON_SDK } from '../../testing/python-sdk.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import { makeWorkspace, type Workspace } from '../../testing/workspace.js';
import { EventHistory } from '../builders/event-history.js';
import { aRead } from '../replay/fake-replayer.js';
import { PythonReplayer } from './python-replayer.js';
import { sourceLine } from './source-line.js';

jest.setTimeout(120_000);

const newest = await findPythonSdk(NEWEST_PYTHON_SDK);

const FILE = 'payloads.py';

const CODE = `import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from temporalio import workflow

class Speed(str, Enum):
    SLOW = "slow"

@dataclass
class Order:
    speed: Speed

@dataclass
class Approval:
    by: str
    level: int

@workflow.defn
class TakesOrder:
    @workflow.run
    async def run(
        self,
        number: int,
        order: Order,
    ) -> None: ...

@workflow.defn
class TakesTime:
    @workflow.run
    async def run(self, at: datetime) -> None: ...

@workflow.defn(failure_exception_types=[Exception])
class FailsForAll:
    @workflow.run
    async def run(self, order: Order) -> None:
        await asyncio.sleep(1)

@workflow.defn
class TakesMore:
    @workflow.run
    async def run(self, order: str, further: str) -> None: ...

@workflow.defn
class AsksForResult:
    @workflow.run
    async def run(self) -> None:
        charge = workflow.execute_activity("charge", result_type=int, start_to_close_timeout=timedelta(1))
        await asyncio.gather(charge, workflow.wait_condition(lambda: False))  # waits

@workflow.defn
class IsSignalled:
    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: hasattr(self, "approval"))
        await asyncio.sleep(1)
    @workflow.signal
    def approve(self, approval: Approval) -> None:  # takes
        self.approval = approval

@workflow.defn(failure_exception_types=[Exception])
class StartsAnother:
    @workflow.run
    async def run(self) -> None:
        await workflow.execute_activity("ship", start_to_close_timeout=timedelta(1))

@workflow.defn
class CancelsNothing:
    @workflow.run
    async def run(self) -> None:
        limit = asyncio.create_task(asyncio.sleep(9))
        await workflow.wait_condition(lambda: hasattr(self, "answered"))
        await asyncio.sleep(1)
    @workflow.signal
    def answer(self) -> None:
        self.answered = True
`;

const json = (...values: unknown[]): object => ({
  payloads: values.map((value) => ({
    metadata: { encoding: Buffer.from('json/plain') },
    data: Buffer.from(JSON.stringify(value)),
  })),
});

const begun = (workflowType: string, ...input: unknown[]): EventHistory =>
  new EventHistory(workflowType, { input: json(...input) });

const signalled = (history: EventHistory, signalName: string, ...input: unknown[]): EventHistory =>
  history.add('WORKFLOW_EXECUTION_SIGNALED', {
    workflowExecutionSignaledEventAttributes: { signalName, input: json(...input) },
  });

skipUnless(newest).describe('a history that the code cannot go on with', () => {
  let place: Workspace;
  let replayer: PythonReplayer;

  beforeAll(async () => {
    const from = join(projectRoot, '__tests__', 'fixtures', 'applications', 'commands-python');
    place = await makeWorkspace({ from, files: { [FILE]: CODE } });
    replayer = await PythonReplayer.start(required(newest).python, place.application, {
      workflows: FILE,
    });
  });
  afterAll(async () => {
    await replayer.stop();
    await place.remove();
  });

  const replay = ({ events }: EventHistory, record = true): Promise<ResultMessage> => {
    // What the SDK's state machines ask of a history that a server wrote.
    const timed = events.map((event, index) => ({
      ...event,
      eventTime: { seconds: 1_700_000_000 },
      ...(event.workflowTaskStartedEventAttributes == null
        ? {}
        : { workflowTaskStartedEventAttributes: { scheduledEventId: index } }),
      ...(event.workflowTaskCompletedEventAttributes == null
        ? {}
        : {
            workflowTaskCompletedEventAttributes: {
              scheduledEventId: index - 1,
              startedEventId: index,
            },
          }),
    }));
    const bytes = HistoryMessage.encode(HistoryMessage.fromObject({ events: timed })).finish();
    return replayer.replay({ read: aRead('order-1', { bytes }) }, record);
  };
  const at = (line: string): object => sourceLine(place.application, FILE, line);

  it('of an input is told by its parameter and the deepest reason', async () => {
    for (const record of [false, true]) {
      const result = await replay(begun('TakesOrder', 1, { speed: 'fast' }).task().timer(), record);
      expect(result).toMatchObject({
        outcome: 'task-failed',
        undecoded: [
          {
            of: 'workflow',
            argument: 2,
            reason: "field speed of Order: 'fast' is not a valid Speed",
            historyLength: 3,
            ...at('order: Order,'),
          },
        ],
      });
    }
  });

  it('of what a payload holds tells nothing', async () => {
    const result = await replay(begun('TakesTime', 'card 4111111111111111').task().timer());
    expect(result).toMatchObject({ outcome: 'task-failed', undecoded: [{ of: 'workflow' }] });
    expect(JSON.stringify(result)).not.toContain('4111');
  });

  it('is told of an input too where such an error fails the workflow', async () => {
    const history = begun('FailsForAll', { speed: 'fast' }).task().timer();
    const { outcome, undecoded } = await replay(history);
    expect(outcome).toBe('nondeterministic');
    expect(undecoded).toMatchObject([{ of: 'workflow', argument: 1, historyLength: 3 }]);
  });

  it('of too few arguments is told where the method is', async () => {
    const result = await replay(begun('TakesMore', 'a').task().timer());
    expect(result.message).toContain("missing 1 required positional argument: 'further'");
    expect(result).toMatchObject({
      outcome: 'task-failed',
      ...at('async def run(self, order: str, further: str) -> None: ...'),
    });
  });

  it('of a result is told at the line that waits for it', async () => {
    const history = begun('AsksForResult').task().activity('charge');
    const scheduledEventId = history.events.length;
    history
      .add('ACTIVITY_TASK_STARTED', { activityTaskStartedEventAttributes: { scheduledEventId } })
      .add('ACTIVITY_TASK_COMPLETED', {
        activityTaskCompletedEventAttributes: { scheduledEventId, result: json('twelve') },
      })
      .task()
      .timer();
    expect(await replay(history)).toMatchObject({
      outcome: 'task-failed',
      undecoded: [
        {
          of: 'result',
          name: 'activity charge',
          reason: expect.stringContaining("was <class 'str'>"),
          ...at('await asyncio.gather(charge, workflow.wait_condition(lambda: False))  # waits'),
        },
      ],
    });
  });

  it('of a signal that the SDK drops is told by its name and its parameter', async () => {
    const history = signalled(begun('IsSignalled').task(), 'approve', { by: 'Ada' }).task().timer();
    expect(await replay(history)).toMatchObject({
      outcome: 'nondeterministic',
      undecoded: [
        {
          of: 'signal',
          name: 'approve',
          argument: 1,
          reason: expect.stringContaining("'level'"),
          ...at('def approve(self, approval: Approval) -> None:  # takes'),
        },
      ],
    });
  });

  it('breaks where Core ends the replay by a fatal error of its state machines', async () => {
    const history = begun('CancelsNothing').task().timer('1');
    signalled(history, 'answer')
      .task()
      .add('TIMER_CANCELED', {
        timerCanceledEventAttributes: { timerId: '1', startedEventId: history.events.length - 4 },
      })
      .timer('2');
    const { outcome, message, commands } = await replay(history);
    expect({ outcome, message }).toEqual({
      outcome: 'nondeterministic',
      message: expect.stringMatching(/^Fatal error in workflow machines: TimerMachine in state/u),
    });
    expect(commands?.map(({ command }) => command)).toEqual(['StartTimer', 'StartTimer']);
  });

  it('breaks, and does not wait for ever, where a difference would fail the whole workflow', async () => {
    const result = await replay(begun('StartsAnother').task().activity('charge'));
    expect(result).toMatchObject({ outcome: 'nondeterministic' });
  });
});
