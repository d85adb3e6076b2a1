/** @tier middle */
import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals';
import { layBeside } from '../../src/diagnosis/align.js';
import type { IHistoryEvent } from '../../src/temporal/history/proto.js';
import type { ResultMessage } from '../../src/replay/protocol.js';
import { COMMANDS_JAVA, commandsJavaWorkspace } from '../../testing/java-commands.js';
import { findJavaSdk, JAVA_SDKS } from '../../testing/java-sdk.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import type { Workspace } from '../../testing/workspace.js';
import { recordedHistory } from '../builders/recorded-history.js';
import { commandsJavaHistory } from './java-application.js';
import { JavaReplayer } from './java-replayer.js';
import { sourceLine } from './source-line.js';

jest.setTimeout(300_000);

const sdk = await findJavaSdk(JAVA_SDKS.newest);
const whenThere = skipUnless(sdk).it;

const FILE = 'Endings.java';

/** A workflow for each way in which a replay ends. `waiting` has taken a signal and an update. */
const ENDINGS = `package com.example.commands;

import io.temporal.common.converter.EncodedValues;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkflowImplementationOptions;
import io.temporal.workflow.*;
import java.util.List;

public class Endings {
  public static void register(Worker worker) {
    worker.registerWorkflowImplementationTypes(
        Cancels.class, DropsSignal.class, Update.class, Branch.class, Result.class, Argument.class, Broken.class,
        Any.class);
    worker.registerWorkflowImplementationTypes(
        WorkflowImplementationOptions.newBuilder().setFailWorkflowExceptionTypes(Throwable.class).build(),
        CancelsAndFails.class);
  }

  public static class Order {
    public String id;
    public Integer level;
  }

  public abstract static class Base {
    final Clerk clerk = Workflow.newActivityStub(Clerk.class, ActivitiesImpl.OPTIONS);

    public void run() {
      Workflow.await(() -> false);
    }

    public int add(int amount) {
      clerk.greet("add");
      return amount;
    }
  }

  @WorkflowInterface
  public interface CancelsFlow {
    @WorkflowMethod(name = "cancels")
    void run();

    @SignalMethod
    void note(String text);

    @UpdateMethod
    int add(int amount);
  }

  public abstract static class Canceling extends Base {
    private CancellationScope greeting;

    public void note(String text) {
      greeting = Workflow.newCancellationScope(() -> Async.function(clerk::greet, text));
      greeting.run();
    }

    @Override
    public int add(int amount) {
      greeting.cancel(); // of what history lets run
      return super.add(amount);
    }
  }

  public static class Cancels extends Canceling implements CancelsFlow {}

  @WorkflowInterface
  public interface CancelsAndFailsFlow {
    @WorkflowMethod(name = "cancels and fails")
    void run();

    @SignalMethod
    void note(String text);

    @UpdateMethod
    int add(int amount);
  }

  public static class CancelsAndFails extends Canceling implements CancelsAndFailsFlow {}

  @WorkflowInterface
  public interface DropsSignalFlow {
    @WorkflowMethod(name = "drops signal")
    void run();

    @SignalMethod
    void note(
        List<Integer> numbers);

    @UpdateMethod
    int add(int amount);
  }

  public static class DropsSignal extends Base implements DropsSignalFlow {
    @Override
    public void note(
        List<Integer> numbers) {
      clerk.greet("numbers");
    }
  }

  @WorkflowInterface
  public interface UpdateFlow {
    @WorkflowMethod(name = "update")
    void run();

    @SignalMethod
    void note(String text);

    @UpdateMethod
    int add(Order order);
  }

  public static class Update extends Base implements UpdateFlow {
    @Override
    public void note(String text) {
      clerk.greet(text);
    }

    @Override
    public int add(Order order) {
      return add(order.level);
    }
  }

  @WorkflowInterface
  public interface BranchFlow {
    @WorkflowMethod(name = "branch")
    void run();

    @SignalMethod
    void note(String text);
  }

  public static class Branch extends Base implements BranchFlow {
    @Override
    public void note(String text) {
      Async.procedure(() -> clerk.greet(text.substring(1_000)));
    }
  }

  @WorkflowInterface
  public interface ResultFlow {
    @WorkflowMethod(name = "result")
    void run();

    @SignalMethod
    void note(String text);

    @UpdateMethod
    int add(int amount);
  }

  public static class Result extends Base implements ResultFlow {
    @Override
    public void note(String text) {
      Workflow.newUntypedActivityStub(ActivitiesImpl.OPTIONS).execute("Greet", Integer.class, text);
    }
  }

  @WorkflowInterface
  public interface ArgumentFlow {
    @WorkflowMethod(name = "argument")
    int run(Order order);
  }

  public static class Argument implements ArgumentFlow {
    @Override
    public int run(Order order) {
      return 1;
    }
  }

  @WorkflowInterface
  public interface BrokenFlow {
    @WorkflowMethod(name = "broken")
    void run();
  }

  public static class Broken implements BrokenFlow {
    private static final int LIMIT = Integer.parseInt("none");

    @Override
    public void run() {}
  }

  public static class Any implements DynamicWorkflow {
    @Override
    public Object execute(EncodedValues arguments) {
      return arguments.get(0, Order.class).id; // of the dynamic workflow
    }
  }
}
`;

/** With a workflow type of these classes instead of its own. */
const as = (type: string, edit: (events: IHistoryEvent[]) => void = () => undefined) => {
  return (events: IHistoryEvent[]): void => {
    const started = events[0]?.workflowExecutionStartedEventAttributes;
    if (started?.workflowType == null) throw new Error('no start');
    started.workflowType.name = type;
    edit(events);
  };
};

describe('a replay with the Java SDK ends', () => {
  let workspace: Workspace;
  let replayer: JavaReplayer;

  beforeAll(async () => {
    if (!sdk.available) return;
    workspace = await commandsJavaWorkspace(sdk, {
      files: { [`${COMMANDS_JAVA}/${FILE}`]: ENDINGS },
    });
    replayer = await JavaReplayer.start(workspace.application, {
      workflows: 'com.example.commands.Endings#register',
      environment: { REPLAY_CLASSPATH: `target/classes:${required(sdk).classPath}` },
    });
  });
  afterAll(async () => {
    if (!sdk.available) return;
    await replayer.stop();
    await workspace.remove();
  });

  const replayed = async (
    name: string,
    edit: (events: IHistoryEvent[]) => void,
  ): Promise<{ result: ResultMessage; mismatch: unknown }> => {
    const history = commandsJavaHistory(name, edit);
    const result = await replayer.replay(history, true);
    const { mismatch } = layBeside(recordedHistory(history.events), result.commands ?? []);
    return { result, mismatch };
  };
  const at = (text: string): object =>
    sourceLine(workspace.application, `${COMMANDS_JAVA}/${FILE}`, text);

  whenThere.each(['cancels', 'cancels and fails'])(
    'as a difference where a state machine refuses an event: %s',
    async (type) => {
      const { result, mismatch } = await replayed('waiting', as(type));
      expect(result).toMatchObject({
        outcome: 'nondeterministic',
        message: expect.stringMatching(/event 14 of type 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED'/u),
      });
      expect(result.message).not.toMatch(/transition history|WorkflowTaskStartedEventId/u);
      expect(mismatch).toMatchObject({
        issued: { command: 'RequestCancelActivityTask', ...at('greeting.cancel()') },
      });
    },
  );

  whenThere('as a difference, and tells the signal that was dropped before', async () => {
    const { result } = await replayed('waiting', as('drops signal'));
    expect(result).toMatchObject({
      outcome: 'nondeterministic',
      // No event is dumped: it holds payloads.
      message: expect.stringMatching(/corresponds to event 9$/u),
      undecoded: [
        {
          of: 'signal',
          name: 'note',
          argument: 1,
          historyLength: 7,
          reason: expect.stringMatching(/^MismatchedInputException: .*ArrayList/u),
          ...at('        List<Integer> numbers) {'),
        },
      ],
    });
  });

  whenThere('as a difference, and tells the branch that ended before', async () => {
    const { result } = await replayed('waiting', as('branch'));
    expect(result).toMatchObject({
      outcome: 'nondeterministic',
      unobserved: [
        {
          message: expect.stringContaining('StringIndexOutOfBoundsException'),
          historyLength: 7,
          ...at('text.substring(1_000)'),
        },
      ],
    });
  });

  whenThere('as a failed task where an input or a result cannot be decoded', async () => {
    const undecoded = async (name: string, type: string): Promise<unknown> => {
      const { result } = await replayed(name, as(type));
      expect(result).toMatchObject({ outcome: 'task-failed' });
      expect(result.undecoded?.at(-1)?.reason).toBe(result.message);
      return result.undecoded;
    };
    expect(await undecoded('continued', 'argument')).toMatchObject([
      { of: 'workflow', argument: 1, ...at('public int run(Order order)') },
    ]);
    expect(await undecoded('waiting', 'update')).toMatchObject([
      { of: 'update', name: 'add', argument: 1, ...at('public int add(Order order)') },
    ]);
    expect(await undecoded('waiting', 'result')).toMatchObject([
      { of: 'result', name: 'activity Greet', ...at('"Greet", Integer.class') },
    ]);
    expect(await undecoded('continued', 'anything')).toMatchObject([
      { of: 'other', ...at('// of the dynamic workflow') },
    ]);
  });

  whenThere(
    'without a judgement where a payload has an encoding that nothing here knows',
    async () => {
      const other = (
        payload: { metadata?: Record<string, Uint8Array> | null } | null | undefined,
      ): void => {
        if (payload?.metadata == null) throw new Error('no payload');
        payload.metadata['encoding'] = Buffer.from('binary/sealed');
      };
      const started = as('argument', (events) =>
        other(events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]),
      );
      // The SDK drops the signal, so code and history differ.
      const signaled = as('drops signal', (events) =>
        other(events[4]?.workflowExecutionSignaledEventAttributes?.input?.payloads?.[0]),
      );
      for (const [name, edit] of [
        ['continued', started],
        ['waiting', signaled],
      ] as const) {
        expect((await replayed(name, edit)).result).toMatchObject({
          outcome: 'errored',
          message: expect.stringMatching(/binary\/sealed .*WorkflowClientOptions/u),
        });
      }
    },
  );

  whenThere('as a failed task where the code throws, each time for the same reason', async () => {
    for (const _ of [1, 2]) {
      const { result } = await replayed('failing', as('broken'));
      expect(result).toMatchObject({
        outcome: 'task-failed',
        message: 'java.lang.NumberFormatException: For input string: "none"',
        ...at('private static final int LIMIT'),
      });
    }
  });

  whenThere('without a judgement where the history is to blame', async () => {
    const { result: withGap } = await replayed(
      'waiting',
      as('update', (events) => events.splice(8, 1)),
    );
    expect(withGap).toMatchObject({ outcome: 'errored' });
    const { result: ofNewer } = await replayed(
      'waiting',
      as('update', (events) => {
        const completed = events[3]?.workflowTaskCompletedEventAttributes;
        if (completed == null) throw new Error('no task');
        completed.sdkMetadata = { langUsedFlags: [4_711] };
      }),
    );
    expect(ofNewer).toMatchObject({
      outcome: 'errored',
      message: expect.stringContaining('Unknown SDK flag'),
    });
  });
});
