import { afterAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { replayParts } from '../../src/machine/replay-parts.js';
import type { StartMessage } from '../../src/replay/protocol.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';
import { settingsOf } from '../inputs/reading.js';
import { fakeReplayer } from '../replay/fake-replayer.js';

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());

test('a replayer is told at its start in which form the histories come', async () => {
  const file = workspace.at('start.json');
  const { args } = fakeReplayer('keeps its start', file);
  const workflows = ['node', ...args].map((word) => `'${word}'`).join(' ');
  const settings = settingsOf(
    { language: 'command', workflows, isolation: 'environment', histories: 'histories/*.json' },
    { workspace },
  );
  const parts = replayParts({
    settings,
    environment: process.env,
    replayersFolder: '/nowhere',
    cancelled: new AbortController().signal,
  });
  try {
    await parts.startReplayers({ reach: false }).ready();
  } finally {
    await parts.close();
  }
  expect(JSON.parse(readFileSync(file, 'utf8')) as StartMessage).toMatchObject({
    protocol: 1,
    namespace: 'default',
    historyFormat: parts.reader.historyFormat,
  });
  expect(parts.reader.historyFormat).toBe('temporal.api.history.v1.History');
});

test('nothing is said after the close, also when the run ends while isolation is still looked for', async () => {
  const settings = settingsOf(
    { language: 'command', workflows: 'true', histories: 'histories/*.json' },
    { workspace },
  );
  const said: string[] = [];
  const parts = replayParts({
    settings,
    environment: process.env,
    replayersFolder: '/nowhere',
    cancelled: new AbortController().signal,
    say: (line) => said.push(line),
  });
  const replayers = parts.startReplayers({ reach: false });
  await parts.close();
  await replayers.ready().catch(() => undefined);
  expect(said).toEqual([]);
});
