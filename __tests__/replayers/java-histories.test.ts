/** @tier middle */
import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { layBeside } from '../../src/diagnosis/align.js';
import type { RecordedCommand } from '../../src/replay/protocol.js';
import { commandsJavaWorkspace, NOT_IN_1_20 } from '../../testing/java-commands.js';
import { findJavaSdk, JAVA_SDKS } from '../../testing/java-sdk.js';
import { skipUnless } from '../../testing/skip-unless.js';
import type { Workspace } from '../../testing/workspace.js';
import { fixtureNames } from '../fixtures/histories.js';
import { redacted } from '../fixtures/redacted.js';
import { commandsJavaHistory } from './java-application.js';
import { JavaReplayer } from './java-replayer.js';
import { recordedHistory } from '../builders/recorded-history.js';

jest.setTimeout(300_000);

const SDKS: Readonly<Record<string, Awaited<ReturnType<typeof findJavaSdk>>>> = {
  [JAVA_SDKS.newest]: await findJavaSdk(JAVA_SDKS.newest),
  [JAVA_SDKS.oldest]: await findJavaSdk(JAVA_SDKS.oldest),
};

describe.each([
  { of: JAVA_SDKS.newest, by: JAVA_SDKS.newest },
  { of: JAVA_SDKS.oldest, by: JAVA_SDKS.oldest },
  // What was started before an upgrade of the SDK has to go on after it.
  { of: JAVA_SDKS.oldest, by: JAVA_SDKS.newest },
])('histories of a worker with Java SDK $of, replayed with $by', ({ of, by }) => {
  const sdk = SDKS[by] ?? { available: false as const, reason: '' };
  const whenThere = skipUnless(sdk).it;
  const set = `java-commands-${of}`;
  let workspace: Workspace;
  let replayer: JavaReplayer;

  beforeAll(async () => {
    if (!sdk.available) return;
    const edits = of === JAVA_SDKS.oldest ? { edits: NOT_IN_1_20 } : {};
    workspace = await commandsJavaWorkspace(sdk, edits);
    replayer = await JavaReplayer.start(workspace.application, {
      environment: { REPLAY_CLASSPATH: `target/classes:${sdk.classPath}` },
    });
  });
  afterAll(async () => {
    if (!sdk.available) return;
    await replayer.stop();
    await workspace.remove();
  });

  for (const name of fixtureNames(set)) {
    whenThere(`${name}: passes, and what the code issues is what history holds`, async () => {
      const history = commandsJavaHistory(name, undefined, set);
      const result = await replayer.replay(history, true);
      const { mismatch, pairs } = layBeside(recordedHistory(history.events), result.commands ?? []);
      expect({ outcome: result.outcome, message: result.message, mismatch }).toEqual({
        outcome: 'passed',
      });
      expect(pairs.length).toBeGreaterThan(0);
      const withOthers = await replayer.replay(redacted(history));
      expect(withOthers).toMatchObject({ outcome: 'passed' });
      expect({
        commands: await told(result.commands ?? []),
        patches: result.patches?.map(({ id, answer, deprecated }) => ({ id, answer, deprecated })),
        waits: result.waits?.map(({ historyLength }) => historyLength),
        handlers: result.handlers?.map(({ kind, name: handled }) => `${kind} ${handled}`),
        unhandledSignals: result.unhandledSignals,
      }).toMatchSnapshot();
    });

    whenThere(`${name}: passes without a record`, async () => {
      const result = await replayer.replay(commandsJavaHistory(name, undefined, set));
      expect(result).toMatchObject({ outcome: 'passed' });
      expect(result.commands).toBeUndefined();
    });
  }
});

/** `command name @ the text of its line`. */
function told(commands: readonly RecordedCommand[]): Promise<string[]> {
  return Promise.all(
    commands.map(async ({ command, name, file, line, elided }) => {
      const words = `${command} ${name}${elided === true ? ' (elided)' : ''}`;
      if (file === undefined) return `${words} @ nowhere`;
      const text = (await readFile(file, 'utf8')).split('\n')[(line ?? 0) - 1]?.trim() ?? '';
      return `${words} @ ${basename(file)}: ${text}`;
    }),
  );
}
