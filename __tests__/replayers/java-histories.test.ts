import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { basename } from 'node:path';
import { layBeside } from '../../src/diagnosis/align.js';
import type { RecordedCommand } from '../../src/replay/protocol.js';
import { commandsJavaWorkspace } from '../../testing/java-commands.js';
import { findJavaSdk, JAVA_SDKS } from '../../testing/java-sdk.js';
import { canRun, required } from '../../testing/toolchain.js';
import type { Workspace } from '../../testing/workspace.js';
import { fixtureNames } from '../fixtures/histories.js';
import { commandsJavaHistory, SET } from './java-application.js';
import { JavaReplayer } from './java-replayer.js';

jest.setTimeout(300_000);

const sdk = await findJavaSdk(JAVA_SDKS.newest);
const whenThere = canRun(sdk) ? it : it.skip;

/** `command name @ the text of its line`. */
async function told(workspace: Workspace, commands: readonly RecordedCommand[]): Promise<string[]> {
  const { readFile } = await import('node:fs/promises');
  return Promise.all(
    commands.map(async ({ command, name, file, line, elided }) => {
      const text =
        file === undefined
          ? 'nowhere'
          : `${basename(file)}: ${(await readFile(file, 'utf8')).split('\n')[(line ?? 0) - 1]?.trim() ?? ''}`;
      return `${command} ${name}${elided === true ? ' (elided)' : ''} @ ${text}`;
    }),
  );
}

describe('histories of a Java worker', () => {
  let workspace: Workspace;
  let replayer: JavaReplayer;

  beforeAll(async () => {
    if (!sdk.available) return;
    workspace = await commandsJavaWorkspace(sdk);
    replayer = await JavaReplayer.start(workspace.application, {
      environment: { REPLAY_CLASSPATH: `target/classes:${required(sdk).classPath}` },
    });
  });
  afterAll(async () => {
    if (!sdk.available) return;
    await replayer.stop();
    await workspace.remove();
  });

  for (const name of fixtureNames(SET)) {
    whenThere(`${name}: passes, and what the code issues is what history holds`, async () => {
      const history = commandsJavaHistory(name);
      const result = await replayer.replay(history, true);
      const { mismatch, pairs } = layBeside(history.events, result.commands ?? []);
      expect({ outcome: result.outcome, message: result.message, mismatch }).toEqual({
        outcome: 'passed',
      });
      expect(pairs.length).toBeGreaterThan(0);
      expect({
        commands: await told(workspace, result.commands ?? []),
        patches: result.patches?.map(({ id, answer, deprecated }) => ({ id, answer, deprecated })),
        waits: result.waits?.map(({ historyLength }) => historyLength),
        handlers: result.handlers?.map(({ kind, name: of }) => `${kind} ${of}`),
        unhandledSignals: result.unhandledSignals,
      }).toMatchSnapshot();
    });

    whenThere(`${name}: passes without a record`, async () => {
      const result = await replayer.replay(commandsJavaHistory(name));
      expect(result).toMatchObject({ outcome: 'passed' });
      expect(result.commands).toBeUndefined();
    });
  }
});
