/** @tier middle */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMMANDS_JAVA, commandsJavaWorkspace } from '../../testing/java-commands.js';
import { findJavaSdk, JAVA_SDKS } from '../../testing/java-sdk.js';
import {
  checkPullRequest,
  type CheckOptions,
  type CheckResult,
} from '../../testing/pull-request-check.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import type { Workspace } from '../../testing/workspace.js';
import { fixtureNames, readFixtures } from '../fixtures/histories.js';

jest.setTimeout(400_000);

/** Java code that does what no workflow should, through dist/: it costs one history, or is one clear error. */

const sdk = await findJavaSdk(JAVA_SDKS.newest);
const SET = `java-commands-${JAVA_SDKS.newest}`;

/** A pattern that comes to no end on a text that does not match. */
const CATASTROPHE = `java.util.regex.Pattern.matches("((a+)+)\\\\2c", "${'a'.repeat(60)}b");`;

skipUnless(sdk).describe('Java workflows that meddle with their process', () => {
  let workspace: Workspace;

  /** Four of the eight do. */
  beforeAll(async () => {
    if (!sdk.available) return;
    workspace = await commandsJavaWorkspace(required(sdk), {
      edits: [
        [
          'EndingsImpl.java',
          'throw ApplicationFailure',
          'System.exit(0);\n      throw ApplicationFailure',
        ],
        ['EndingsImpl.java', 'if (left > 0)', 'Runtime.getRuntime().halt(0);\n      if (left > 0)'],
        [
          'VersionsImpl.java',
          '    int chosen',
          '    while (System.nanoTime() != 0) Thread.onSpinWait();\n    int chosen',
        ],
        ['TimersImpl.java', '    waking.get();', `    ${CATASTROPHE}\n    waking.get();`],
      ],
      files: {
        // Reads what is there when the class is loaded, and prints what it finds.
        [`${COMMANDS_JAVA}/Meddling.java`]: `package com.example.commands;

public class Meddling {
  static {
    System.out.println("::error::from the code under test " + System.getenv("TEMPORAL_API_KEY"));
    Thread server = new Thread(() -> { while (true) Thread.onSpinWait(); });
    server.start();
  }

  public static void register(io.temporal.worker.Worker worker) {
    worker.registerWorkflowImplementationTypes(
        TimersImpl.class, ActivitiesImpl.class, ChildrenImpl.class, ChildrenImpl.ChildImpl.class, VersionsImpl.class,
        AttributesImpl.class, EndingsImpl.ContinuedImpl.class, EndingsImpl.FailingImpl.class, WaitingImpl.class);
  }
}
`,
      },
    });
    const histories = join(workspace.path, 'histories');
    await mkdir(histories);
    const { HistoryMessage } = await import('../../src/temporal/history/proto.js');
    for (const { name, events } of readFixtures(SET)) {
      // Without its end each is one that runs.
      const open = events.slice(0, name === 'waiting' ? undefined : -1);
      await writeFile(
        join(histories, `${name}.bin`),
        HistoryMessage.encode({ events: open }).finish(),
      );
    }
  });
  afterAll(async () => {
    if (sdk.available) await workspace.remove();
  });

  async function check(
    inputs: Readonly<Record<string, string>>,
    env: CheckOptions['env'] = { REPLAY_CLASSPATH: `target/classes:${required(sdk).classPath}` },
  ): Promise<CheckResult> {
    const result = await checkPullRequest(workspace, {
      title: '[compatible-v1.0] Meddle',
      inputs: {
        histories: 'histories/*',
        language: 'java',
        'replay-env': 'REPLAY_CLASSPATH',
        'history-timeout': '4s',
        'replay-concurrency': '1',
        ...inputs,
      },
      env: { TEMPORAL_API_KEY: 'a-secret-key', ...env },
      timeoutMs: 380_000,
    });
    expect([result.violations, result.leftBehind ?? []]).toEqual([[], []]);
    return result;
  }

  test('cost one history each, and the check is not green', async () => {
    const { outputs, exitCode, annotations, log } = await check({
      workflows: 'com.example.commands.Meddling#register',
    });
    expect(outputs).toMatchObject({
      verdict: 'inconclusive',
      matched: String(fixtureNames(SET).length),
      passed: String(fixtureNames(SET).length - 4),
      errored: '4',
    });
    expect(exitCode).toBe(1);
    // What the class prints is no command, and it has found no credential.
    expect(annotations.filter(({ message }) => message.startsWith('from the code'))).toEqual([]);
    expect(log.join('\n')).not.toContain('under test a-secret-key');
  });

  test('a class that is not there, and a class path that is not, are one error each', async () => {
    const gone = await check({ workflows: 'com.example.Gone' });
    expect([gone.outputs['verdict'], gone.exitCode]).toEqual(['inconclusive', 1]);
    expect(gone.annotations[0]?.message).toMatch(
      /there is no class com\.example\.Gone \(input workflows\).*To fix: set the input workflows/su,
    );
    const bare = await check({}, { REPLAY_CLASSPATH: 'target/nowhere' });
    expect([bare.outputs['verdict'], bare.exitCode]).toEqual(['inconclusive', 1]);
    expect(bare.annotations[0]?.message).toMatch(
      /REPLAY_CLASSPATH names what is not there: .*target\/nowhere/u,
    );
  });
});
