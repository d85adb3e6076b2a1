import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { CHECKS, type Read, type Subject } from '../../conformance/checks.js';
import { commandProgram } from '../../src/languages/replayer-program.js';
import { replayEnvironment } from '../../src/replay/environment.js';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { projectRoot } from '../../testing/project-root.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import type { Workspace } from '../../testing/workspace.js';
import { readFixtures } from '../fixtures/histories.js';

/** What `npm run conformance` says, of our own replayer and of those that do something wrong. */

let workspace: Workspace;
let scratch: string;
beforeAll(async () => {
  workspace = await ordersWorkspace({});
  scratch = await temporaryFolder('conformance');
});
afterAll(async () => {
  await workspace.remove();
  await removeFolder(scratch);
});

const named = (set: string, name: string): Read =>
  readFixtures(set).find((fixture) => fixture.name === name)?.read ??
  (() => {
    throw new Error(`there is no ${name} in ${set}`);
  })();
const passing = (): Read[] => [named('orders-1.24.0', 'reminder-sleeping')];
/** Of an application that has other types. */
const breaking = (): Read[] =>
  readFixtures('corpus-1.24.0')
    .slice(0, 1)
    .map(({ read }) => read);

function subjectOf(commandLine: string): Subject {
  return {
    command: commandProgram(commandLine, workspace.path, replayEnvironment(process.env, 'command')),
    start: {
      type: 'start',
      protocol: 1,
      options: { scratch, accelerate: true },
      namespace: 'default',
    },
    passing: passing(),
    breaking: breaking(),
  };
}

/** Names of the checks that the replayer does not meet, with why; those that it was not asked, alone. */
async function verdictOn(commandLine: string): Promise<{ broken: string[]; notAsked: string[] }> {
  const verdict = { broken: [] as string[], notAsked: [] as string[] };
  for (const { name, run } of CHECKS) {
    const answer = await run(subjectOf(commandLine));
    if (answer === 'met') continue;
    if ('broken' in answer) verdict.broken.push(`${name}: ${answer.broken}`);
    else verdict.notAsked.push(name);
  }
  return verdict;
}

test('our own replayer meets every demand, and is asked all of them', async () => {
  const replayer = join(projectRoot, 'dist', 'replayers', 'typescript', 'index.js');
  expect(await verdictOn(`node '${replayer}'`)).toEqual({ broken: [], notAsked: [] });
});

describe('a replayer that', () => {
  const liar = (fault: string): string =>
    `node '${join(import.meta.dirname, 'liar.mjs')}' '${fault}'`;

  test('does nothing wrong meets them, and is not asked for a record that it does not make', async () => {
    expect(await verdictOn(liar('nothing'))).toEqual({
      broken: [],
      notAsked: ["records commands that lie beside history's own"],
    });
  });

  test.each([
    ['names no SDK', 'answers start', /must tell something/u],
    ['speaks any version', 'answers a protocol version', /ready for version 2/u],
    ['passes unknown types', 'does not pass a history of', /outcome is passed/u],
    ['passes everything', 'does not pass bytes', /outcome is passed/u],
    ['passes the first only', 'passes what the code', /outcome is errored/u],
    ['passes everything', 'says of what the code cannot', /outcome is passed/u],
    ['fails when it records', 'gives the same', /passed without recording, errored with it/u],
    ['records out of nowhere', 'records', /historyLength 4 of StartTimer is not the event ID/u],
    ['records nothing of a timer', 'records', /part \(missing\)/u],
    ['records the wrong command', 'records', /part \(differs\)/u],
    ['goes on after end', 'ends on end', /^it still ran/u],
    ['goes on after its input', 'ends on the end', /^it still ran/u],
    ['answers another', 'passes what the code', /sent a result that nobody asked for/u],
  ])('%s does not meet "%s"', async (fault, name, words) => {
    const check = CHECKS.find((one) => one.name.startsWith(name));
    expect(await check?.run(subjectOf(liar(fault)))).toEqual({
      broken: expect.stringMatching(words),
    });
  });

  test('cannot be started is told so', async () => {
    expect(await CHECKS[0]?.run(subjectOf('/nowhere/replayer'))).toEqual({
      broken: expect.stringMatching(/did not become ready/u),
    });
  });
});
