import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runGate } from '../../src/gate/gate.js';
import type { ReadChangedLines } from '../../src/model/subject.js';
import type { Report } from '../../src/model/report.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { anExecution } from '../builders/executions.js';
import { FakeReplayers } from '../builders/fake-replayers.js';
import { aSubject, FakeParts, gateSettings } from '../builders/gate-parts.js';

let workspace: string;
beforeEach(async () => {
  workspace = await temporaryFolder('reach');
});
afterEach(() => removeFolder(workspace));

/** A workflow of two lines, of which histories run the first. */
async function check(changed: ReadChangedLines): Promise<Report> {
  const path = join(workspace, 'workflows.ts');
  writeFileSync(path, 'await charge();\nawait refund();\n');
  const replayers = new FakeReplayers();
  replayers.reached = {
    reached: new Map([[path, new Set([1])]]),
    unreached: new Map([[path, new Set([2])]]),
  };
  const parts = new FakeParts([anExecution()], replayers);
  parts.readSubject = () =>
    Promise.resolve(aSubject({ readChangedLines: () => Promise.resolve(changed) }));
  return runGate(gateSettings({ workspace }), parts);
}

test('of changed lines that the bundle holds it is told which were run', async () => {
  const lines = new Map([1, 2].map((line) => [line, `await ${['', 'charge', 'refund'][line]}();`]));
  const { reach } = await check({ lines: new Map([['workflows.ts', lines]]), untold: [] });
  expect(reach).toEqual({
    changedLines: 2,
    reachedLines: 1,
    unreached: [{ file: 'workflows.ts', startLine: 2, endLine: 2 }],
  });
});

test('a change of other files is told to change no line of the bundle', async () => {
  const lines = new Map([['README.md', new Map([[1, 'Orders']])]]);
  expect((await check({ lines, untold: [] })).reach).toMatchObject({ changedLines: 0 });
});

test('where GitHub tells of no changed file nothing is said of lines', async () => {
  const report = await check({ lines: new Map(), untold: [] });
  expect(report).not.toHaveProperty('reach');
  expect(report.warnings).toEqual([]);
});

test.each([
  ['alone', []],
  ['beside others', [['README.md', new Map([[1, 'Orders']])]] as const],
])('a file of the bundle whose lines GitHub does not tell is named, %s', async (_, told) => {
  const report = await check({ lines: new Map(told), untold: ['workflows.ts', 'logo.png'] });
  expect(report.warnings).toEqual([expect.stringContaining('no diff of workflows.ts')]);
  expect(report).not.toHaveProperty('reach');
});
