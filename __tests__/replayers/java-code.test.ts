/** @tier middle */
import { describe, expect, jest } from '@jest/globals';
import { layBeside } from '../../src/diagnosis/align.js';
import { EventType, type IHistoryEvent } from '../../src/temporal/history/proto.js';
import type { ResultMessage } from '../../src/replay/protocol.js';
import { replayRequest } from '../../src/replay/replay-histories.js';
import {
  COMMANDS_JAVA,
  commandsJavaWorkspace,
  type CommandsJavaOptions,
} from '../../testing/java-commands.js';
import { findJavaSdk, JAVA_SDKS } from '../../testing/java-sdk.js';
import { inTier } from '../../testing/tiers.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import { recordedHistory } from '../builders/recorded-history.js';
import type { Fixture } from '../fixtures/histories.js';
import { commandsJavaHistory } from './java-application.js';
import { JavaReplayer } from './java-replayer.js';
import { sourceLine } from './source-line.js';

jest.setTimeout(300_000);

const sdk = await findJavaSdk(JAVA_SDKS.newest);
const whenThere = skipUnless(sdk).it;
/** Each compiles an application and starts a virtual machine: `npm test` has a share of them. */
const whenTrusting = (title: string, body: () => Promise<void>): void => {
  inTier('trust', `${title}, in Java`, () => whenThere(title, body));
};

async function withReplayer<T>(
  options: CommandsJavaOptions & { readonly workflows?: string },
  use: (replayer: JavaReplayer, folder: string) => Promise<T>,
): Promise<T> {
  const workspace = await commandsJavaWorkspace(required(sdk), options);
  const replayer = await JavaReplayer.start(workspace.application, {
    ...(options.workflows === undefined ? {} : { workflows: options.workflows }),
    environment: { REPLAY_CLASSPATH: `target/classes:${required(sdk).classPath}` },
  });
  try {
    return await use(replayer, workspace.application);
  } finally {
    await replayer.stop();
    await workspace.remove();
  }
}

/** The result of one history, with the first difference, and the line of a text in the application. */
async function judged(
  name: string,
  edits: CommandsJavaOptions['edits'] = [],
  text?: readonly [file: string, text: string],
  edit?: (events: IHistoryEvent[]) => void,
): Promise<Record<string, unknown>> {
  return withReplayer({ edits }, async (replayer, folder) => {
    const history = commandsJavaHistory(name, edit);
    const result = await replayer.replay(history, true);
    const { mismatch } = layBeside(recordedHistory(history.events), result.commands ?? []);
    const at = text === undefined ? {} : sourceLine(folder, `${COMMANDS_JAVA}/${text[0]}`, text[1]);
    const { outcome, message, file, line, commands } = result;
    return { outcome, message, file, line, commands, mismatch, at };
  });
}

/** Of `failing`: the code's end in the words of an edit. */
const AS_IT_SHOULD = 'throw ApplicationFailure.newNonRetryableFailure("as it should", "Expected");';

describe('Java code that differs from history', () => {
  whenThere('is found at the line of the command that history does not have', async () => {
    const { at, ...found } = await judged(
      'timers',
      [
        [
          'TimersImpl.java',
          '    isReady = true;',
          '    Workflow.newUntypedActivityStub(ActivitiesImpl.OPTIONS).executeAsync("Audit", Void.class);\n' +
            '    Workflow.mutableSideEffect("limit", Integer.class, (a, b) -> !a.equals(b), () -> 1);\n' +
            '    isReady = true;',
        ],
      ],
      ['TimersImpl.java', '"Audit"'],
    );
    const { file, line } = at as { file: string; line: number };
    expect(found['commands']).toContainEqual(
      expect.objectContaining({
        command: 'RecordMarker',
        name: 'MutableSideEffect limit',
        file,
        line: line + 1,
      }),
    );
    expect(found).toMatchObject({
      outcome: 'nondeterministic',
      message: expect.stringMatching(/NonDeterministicException: \[TMPRL1100\]/u),
      mismatch: { issued: { command: 'ScheduleActivityTask', name: 'Audit', ...(at as object) } },
    });
    expect(found['file']).toBeUndefined();
  });

  whenTrusting('is found where a command of history is gone', async () => {
    const found = await judged('activities', [['ActivitiesImpl.java', '    below();\n', '']]);
    expect(found).toMatchObject({
      outcome: 'nondeterministic',
      mismatch: { kind: 'differs', expected: { command: 'ScheduleActivityTask' } },
    });
  });

  whenThere('is found where it completes and history failed', async () => {
    const found = await judged('failing', [['EndingsImpl.java', AS_IT_SHOULD, '']]);
    expect(found).toMatchObject({
      outcome: 'nondeterministic',
      mismatch: {
        expected: { command: 'FailWorkflowExecution' },
        issued: { command: 'CompleteWorkflowExecution' },
      },
    });
  });

  whenTrusting(
    'is found where it fails and history completed, at the line that fails',
    async () => {
      const { at, ...found } = await judged(
        'versions',
        [
          [
            'VersionsImpl.java',
            'Workflow.sleep(Duration.ofMillis(chosen));',
            'Workflow.sleep(Duration.ofMillis(chosen));\n    if (chosen > 3) throw io.temporal.failure.ApplicationFailure.newFailure("late", "Late");',
          ],
        ],
        ['VersionsImpl.java', '"Late"'],
      );
      expect(found).toMatchObject({
        outcome: 'nondeterministic',
        mismatch: { issued: { command: 'FailWorkflowExecution', ...(at as object) } },
      });
    },
  );

  whenThere('is found where it goes on and history completed', async () => {
    const found = await judged('versions', [
      [
        'VersionsImpl.java',
        'Workflow.sleep(Duration.ofMillis(chosen));',
        'Workflow.sleep(Duration.ofMillis(chosen));\n    Workflow.await(() -> false);',
      ],
    ]);
    expect(found).toMatchObject({
      outcome: 'nondeterministic',
      mismatch: { kind: 'missing', expected: { command: 'CompleteWorkflowExecution' } },
    });
  });

  whenTrusting('is found where it continues as new and history completed', async () => {
    const found = await judged('timers', [
      ['TimersImpl.java', '    waking.get();', '    waking.get();\n    Workflow.continueAsNew();'],
    ]);
    expect(found).toMatchObject({
      outcome: 'nondeterministic',
      mismatch: { issued: { command: 'ContinueAsNewWorkflowExecution', name: 'timers' } },
    });
  });

  whenTrusting('is found where history was cancelled and it completes', async () => {
    const found = await judged('versions', [], undefined, (events) => {
      const last = events.at(-1);
      if (last === undefined) throw new Error('no events');
      last.eventType = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED;
      delete last.workflowExecutionCompletedEventAttributes;
      last.workflowExecutionCanceledEventAttributes = {};
    });
    expect(found).toMatchObject({ outcome: 'nondeterministic' });
  });

  whenTrusting('is found where a version of history is not supported any more', async () => {
    const found = await judged('versions', [
      [
        'VersionsImpl.java',
        'if (Workflow.getVersion("greeting", Workflow.DEFAULT_VERSION, 1) == 1) clerk.greet("version 1");',
        'if (Workflow.getVersion("greeting", 2, 3) == 1) clerk.greet("version 1");',
      ],
    ]);
    expect(found).toMatchObject({
      outcome: 'nondeterministic',
      message: expect.stringContaining('is not supported'),
    });
  });

  whenTrusting('passes behind a version that history has not', async () => {
    const found = await judged('timers', [
      [
        'TimersImpl.java',
        '    waking.get();',
        '    waking.get();\n    if (Workflow.getVersion("new", Workflow.DEFAULT_VERSION, 1) > 0) Workflow.newTimer(Duration.ofDays(1));',
      ],
    ]);
    expect(found).toMatchObject({ outcome: 'passed', mismatch: undefined });
  });
});

describe('the place of what has no line of its own in Java', () => {
  const FAILING_WORKER = `package com.example.commands;

import io.temporal.worker.Worker;
import io.temporal.worker.WorkflowImplementationOptions;

public class FailingWorker {
  public static void register(Worker worker) {
    worker.registerWorkflowImplementationTypes(
        WorkflowImplementationOptions.newBuilder().setFailWorkflowExceptionTypes(Throwable.class).build(),
        TimersImpl.class, VersionsImpl.class, EndingsImpl.FailingImpl.class);
    worker.registerWorkflowImplementationTypes(WaitingImpl.class);
  }
}
`;

  whenThere('is that of the handler, of the question and of the exception', async () => {
    await withReplayer(
      {
        files: { [`${COMMANDS_JAVA}/FailingWorker.java`]: FAILING_WORKER },
        workflows: 'com.example.commands.FailingWorker#register',
        edits: [
          ['Commands.java', '@UpdateMethod\n    int', '@UpdateMethod(name = "sum")\n    int'],
          ['Commands.java', '"add"', '"sum"'],
          [
            'VersionsImpl.java',
            'if (Workflow.getVersion("greeting", Workflow.DEFAULT_VERSION, 1) == 1) clerk.greet("again");',
            'if (Workflow.getVersion("greeting", 2, 3) == 1) clerk.greet("again");',
          ],
          [
            'TimersImpl.java',
            '    waking.get();',
            '    waking.get();\n    Workflow.sleep(Duration.ofNanos(500));\n    if (!isReady) throw new IllegalStateException("late");',
          ],
          ['EndingsImpl.java', AS_IT_SHOULD, 'throw new IllegalStateException("otherwise");'],
        ],
      },
      async (replayer, folder) => {
        const record = async (name: string): Promise<ResultMessage> =>
          replayer.replay(commandsJavaHistory(name), true);
        const at = (file: string, text: string): object =>
          sourceLine(folder, `${COMMANDS_JAVA}/${file}`, text);

        const renamed = await record('waiting');
        expect(renamed).toMatchObject({
          outcome: 'nondeterministic',
          message: expect.stringContaining('Unknown update name: add'),
          handlers: [
            { kind: 'signal', name: 'note', ...at('WaitingImpl.java', 'public void note') },
            { kind: 'update', name: 'sum', ...at('WaitingImpl.java', 'public int add') },
          ],
        });
        expect(renamed.file).toBeUndefined();
        expect(
          layBeside(recordedHistory(commandsJavaHistory('waiting').events), renamed.commands ?? []),
        ).toMatchObject({
          mismatch: { expected: { command: 'UpdateResponse', name: 'accepted' } },
        });

        expect((await record('versions')).patches).toMatchObject([
          { id: 'greeting', answer: true, ...at('VersionsImpl.java', '"version 1"') },
          { id: 'greeting', answer: true, ...at('VersionsImpl.java', '"greeting", 2, 3') },
        ]);

        // Less than a millisecond is a timer, too.
        const timers = await record('timers');
        expect(timers).toMatchObject({
          outcome: 'nondeterministic',
          message: expect.stringContaining('[TMPRL1100]'),
        });
        expect(timers.commands).toContainEqual(
          expect.objectContaining({
            command: 'StartTimer',
            ...at('TimersImpl.java', 'ofNanos'),
            carries: { values: { startToFireTimeout: 0.0005 }, digests: {} },
          }),
        );

        // Of the worker's own options: any exception fails the workflow.
        expect((await record('failing')).commands?.at(-1)).toMatchObject({
          command: 'FailWorkflowExecution',
          ...at('EndingsImpl.java', '"otherwise"'),
          carries: { values: { 'failure type': 'java.lang.IllegalStateException' } },
        });
      },
    );
  });
});

describe('Java code that does not finish its Workflow Task', () => {
  whenThere('is a failed task, with the line that throws', async () => {
    const { at, ...found } = await judged(
      'timers',
      [['TimersImpl.java', '    waking.get();', '    waking.get();\n    Integer.parseInt("x");']],
      ['TimersImpl.java', 'Integer.parseInt'],
    );
    expect(found).toMatchObject({
      outcome: 'task-failed',
      message: 'java.lang.NumberFormatException: For input string: "x"',
      ...(at as object),
    });
  });

  whenTrusting(
    'is one also in a signal handler, an update handler and a thread of its own',
    async () => {
      for (const [name, file, from, to] of [
        [
          'waiting',
          'WaitingImpl.java',
          'clerk.greet(text);',
          'clerk.greet(null == text ? "" : text.substring(100));',
        ],
        ['waiting', 'WaitingImpl.java', 'sum += amount;', 'sum += amount / (amount - 5);'],
        [
          'timers',
          'TimersImpl.java',
          'isReady = true;',
          'isReady = true; java.util.Objects.requireNonNull(null);',
        ],
      ] as const) {
        const { at, ...found } = await judged(name, [[file, from, to]], [file, to]);
        expect({ to, ...found }).toMatchObject({ to, outcome: 'task-failed', ...(at as object) });
      }
    },
  );

  whenTrusting('is one where the class cannot be initialised', async () => {
    const { at, ...found } = await judged(
      'failing',
      [
        [
          'EndingsImpl.java',
          'public static class FailingImpl implements Commands.Failing {',
          'public static class FailingImpl implements Commands.Failing {\n    static final int LIMIT = Integer.parseInt("none");',
        ],
      ],
      ['EndingsImpl.java', 'LIMIT'],
    );
    expect(found).toMatchObject({
      outcome: 'task-failed',
      message: 'java.lang.NumberFormatException: For input string: "none"',
      ...(at as object),
    });
  });

  whenThere('costs its process when it exits or loops, and no more', async () => {
    for (const [to, kind] of [
      ['System.exit(0);', 'died'],
      ['Runtime.getRuntime().halt(3);', 'died'],
      ['while (true) Thread.onSpinWait();', 'timeout'],
      [`java.util.regex.Pattern.matches("((a+)+)\\\\2c", "${'a'.repeat(200)}b");`, 'timeout'],
    ] as const) {
      await withReplayer({ edits: [['EndingsImpl.java', AS_IT_SHOULD, to]] }, async (replayer) => {
        const answer = await replayer.process.replay(
          replayRequest(commandsJavaHistory('failing').read, false),
          kind === 'timeout' ? 8_000 : 60_000,
        );
        expect({ to, answer }).toMatchObject({
          to,
          answer: {
            kind: expect.stringMatching(
              kind === 'died' ? /^(?!result|timed)/u : /^(?!result|died)/u,
            ),
          },
        });
      });
    }
  });
});

describe('Java code that meddles', () => {
  whenThere(
    'says what no encoding can write, and starts threads, and finds no credential',
    async () => {
      const meddling = [
        'for (String name : System.getenv().keySet()) if (name.contains("TEMPORAL_") && !name.equals("TEMPORAL_DEBUG") || name.contains("TOKEN") || name.startsWith("INPUT_")) throw new Error(name);',
        'new Thread(() -> { while (true) Thread.onSpinWait(); }).start();',
        'if (Boolean.getBoolean("never")) return;',
        'throw new IllegalStateException("half a pair: \\ud83d");',
      ].join(' ');
      const secrets = {
        TEMPORAL_API_KEY: 'secret',
        GITHUB_TOKEN: 'secret',
        INPUT_ADDRESS: 'there',
      };
      const before = { ...process.env };
      Object.assign(process.env, secrets);
      try {
        await withReplayer(
          { edits: [['EndingsImpl.java', AS_IT_SHOULD, meddling]] },
          async (replayer) => {
            expect(await replayer.replay(commandsJavaHistory('failing'), true)).toMatchObject({
              outcome: 'task-failed',
              message: 'java.lang.IllegalStateException: half a pair: \ud83d',
            });
            expect(await replayer.replay(commandsJavaHistory('timers'))).toMatchObject({
              outcome: 'passed',
            });
          },
        );
      } finally {
        for (const name of Object.keys(secrets)) Reflect.deleteProperty(process.env, name);
        Object.assign(process.env, before);
      }
    },
  );

  whenThere('prints, reads and closes without reaching the protocol', async () => {
    const meddling = [
      'System.out.println("{\\"type\\":\\"result\\",\\"id\\":\\"1\\",\\"outcome\\":\\"passed\\"}");',
      'try { new java.io.FileOutputStream(java.io.FileDescriptor.out).write("{}\\n".getBytes());',
      'if (System.in.read() != -1) throw new IllegalStateException("input");',
      '} catch (java.io.IOException error) { throw new RuntimeException(error); }',
      'new Thread(() -> { while (true) System.err.print(""); }).start();',
    ].join(' ');
    await withReplayer(
      { edits: [['EndingsImpl.java', AS_IT_SHOULD, `${meddling} ${AS_IT_SHOULD}`]] },
      async (replayer) => {
        for (const history of [commandsJavaHistory('failing'), commandsJavaHistory('failing')]) {
          expect(await replayer.replay(history)).toMatchObject({ outcome: 'passed' });
        }
      },
    );
  });

  whenThere('leaves nothing of one history in the record of the next', async () => {
    await withReplayer({}, async (replayer) => {
      const record = async (history: Fixture): Promise<unknown> =>
        (await replayer.replay(history, true)).commands;
      const first = await record(commandsJavaHistory('waiting'));
      for (let times = 0; times < 3; times++) await record(commandsJavaHistory('timers'));
      expect(await record(commandsJavaHistory('waiting'))).toEqual(first);
    });
  });
});

describe('what the Java replayer cannot judge', () => {
  whenThere('is a payload that no converter decodes', async () => {
    const found = await judged('continued', [], undefined, (events) => {
      const [payload] = events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
      if (payload?.metadata == null) throw new Error('no input');
      payload.metadata['encoding'] = Buffer.from('binary/encrypted');
    });
    expect(found).toMatchObject({
      outcome: 'errored',
      message: expect.stringContaining('WorkflowClientOptions'),
    });
  });

  whenTrusting('is an SDK flag that this release does not know', async () => {
    const found = await judged('timers', [], undefined, (events) => {
      for (const { workflowTaskCompletedEventAttributes: completed } of events) {
        if (completed != null) completed.sdkMetadata = { langUsedFlags: [77] };
      }
    });
    expect(found).toMatchObject({ outcome: 'errored', message: expect.stringContaining('77') });
  });

  whenThere('is a history without its beginning, or none', async () => {
    await withReplayer({}, async (replayer) => {
      const cut = commandsJavaHistory('timers', (events) => events.splice(0, 4));
      expect(await replayer.replay(cut)).toMatchObject({ outcome: 'errored' });
      const empty = commandsJavaHistory('timers', (events) => events.splice(0));
      expect(await replayer.replay(empty)).toMatchObject({ outcome: 'errored' });
      expect(await replayer.replay(commandsJavaHistory('timers'))).toMatchObject({
        outcome: 'passed',
      });
    });
  });
});
