import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { CHECKS, type Read, type Subject } from '../../conformance/checks.js';
import { commandProgram } from '../../src/languages/replayer-program.js';
import { replayEnvironment } from '../../src/replay/environment.js';
import { findGoSdk, GO_SDKS, goCaches } from '../../testing/go-modules.js';
import { commandsJavaWorkspace } from '../../testing/java-commands.js';
import { findJavaSdk, JAVA_SDKS } from '../../testing/java-sdk.js';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { projectRoot } from '../../testing/project-root.js';
import { pythonOrdersWorkspace } from '../../testing/python-orders.js';
import { findPythonSdk, NEWEST_PYTHON_SDK } from '../../testing/python-sdk.js';
import { inTier } from '../../testing/tiers.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import type { Workspace } from '../../testing/workspace.js';
import { readFixtures } from '../fixtures/histories.js';
import { commandsGoWorkspace } from '../replayers/go-application.js';

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

interface Application {
  readonly folder: string;
  readonly scratch: string;
  readonly passing: readonly Read[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly workflows?: string;
}

function subjectOf(
  commandLine: string,
  application: Application = {
    folder: workspace.path,
    scratch,
    passing: [named('orders-1.24.0', 'reminder-sleeping')],
  },
): Subject {
  const { folder, passing, environment = {}, workflows } = application;
  return {
    command: commandProgram(commandLine, folder, {
      ...replayEnvironment(process.env, 'command'),
      ...environment,
    }),
    start: {
      type: 'start',
      protocol: 1,
      ...(workflows === undefined ? {} : { workflows }),
      options: { scratch: application.scratch, accelerate: true },
      namespace: 'default',
    },
    passing,
    // Of an application that has other types.
    breaking: [named('corpus-1.24.0', 'booking')],
  };
}

/** Names of the checks that the replayer does not meet, with why; those that it was not asked, alone. */
async function verdictOn(
  commandLine: string,
  application?: Application,
): Promise<{ broken: string[]; notAsked: string[] }> {
  const verdict = { broken: [] as string[], notAsked: [] as string[] };
  for (const { name, run } of CHECKS) {
    const answer = await run(subjectOf(commandLine, application));
    if (answer === 'met') continue;
    if ('broken' in answer) verdict.broken.push(`${name}: ${answer.broken}`);
    else verdict.notAsked.push(name);
  }
  return verdict;
}

/** Only some take several. */
const SEVERAL = 'gives the same outcomes with as many histories at a time as it takes';

const whole = { broken: [], notAsked: [] };
const oneAtATime = { broken: [], notAsked: [SEVERAL] };
const script = (...path: string[]): string =>
  `'${join(projectRoot, 'dist', 'replayers', ...path)}'`;

describe('our own replayer meets every demand, and is asked all of them:', () => {
  test('TypeScript', async () => {
    expect(await verdictOn(`node ${script('typescript', 'index.js')}`)).toEqual(whole);
  });
});

await inTier('middle', 'what the replayers in Python and Go conform to', async () => {
  const python = await findPythonSdk(NEWEST_PYTHON_SDK);
  const go = await findGoSdk(GO_SDKS.newest);
  describe('our own replayer meets every demand, and is asked all of them:', () => {
    skipUnless(python).test('Python', async () => {
      const orders = await pythonOrdersWorkspace();
      const replayer = `'${required(python).python}' ${script('python', 'replay_gate.py')}`;
      const passing = [named(`python-orders-${NEWEST_PYTHON_SDK}`, 'reminder-sleeping')];
      const application = { folder: orders.application, scratch, passing };
      expect(await verdictOn(replayer, application)).toEqual(oneAtATime);
      await orders.remove();
    });

    skipUnless(go).test('Go', async () => {
      const commands = await commandsGoWorkspace(required(go));
      const own = await temporaryFolder('conformance-go');
      const passing = [named(`commands-go-${GO_SDKS.newest}`, 'Timers')];
      const application = {
        folder: commands.application,
        scratch: own,
        passing,
        environment: await goCaches(),
        workflows: './workflows#Register',
      };
      expect(await verdictOn(`node ${script('go', 'index.js')}`, application)).toEqual(whole);
      await removeFolder(own);
      await commands.remove();
    });
  });
});

// A Java program takes seconds to start, and it is started for each demand.
await inTier('trust', 'what the replayer in Java conforms to', async () => {
  const java = await findJavaSdk(JAVA_SDKS.newest);
  skipUnless(java).test('Java: our own replayer meets every demand that is asked', async () => {
    const commands = await commandsJavaWorkspace(required(java));
    const own = await temporaryFolder('conformance-java');
    const passing = [named(`java-commands-${JAVA_SDKS.newest}`, 'timers')];
    const application = {
      folder: commands.application,
      scratch: own,
      passing,
      environment: { REPLAY_CLASSPATH: `target/classes:${required(java).classPath}` },
    };
    expect(await verdictOn(`node ${script('java', 'index.js')}`, application)).toEqual(oneAtATime);
    await removeFolder(own);
    await commands.remove();
  });
});

describe('a replayer that', () => {
  const liar = (fault: string): string =>
    `node '${join(import.meta.dirname, 'liar.mjs')}' '${fault}'`;

  test('does nothing wrong meets them, and is not asked for a record that it does not make', async () => {
    expect(await verdictOn(liar('nothing'))).toEqual({
      broken: [],
      notAsked: [SEVERAL, "records commands that agree with history's own"],
    });
  });

  test.each([
    ['names no SDK', 'answers start', /must not be empty/u],
    ['speaks any version', 'answers an unknown protocol', /ready for version 2/u],
    ['passes unknown types', 'does not pass a history of', /outcome is passed/u],
    ['passes everything', 'does not pass bytes', /outcome is passed/u],
    ['passes the first only', 'passes what the code', /outcome is errored/u],
    ['passes everything', 'reports a break', /outcome is passed/u],
    ['confuses what it has in its hands', SEVERAL, /passed alone, task-failed beside 3 others/u],
    ['forgets what it has in its hands', SEVERAL, /the process died/u],
    [
      'fails when it records',
      'gives the same outcomes when',
      /passed without recording, errored with it/u,
    ],
    ['records out of nowhere', 'records', /historyLength 4 of StartTimer is not the event ID/u],
    ['records nothing of a timer', 'records', /differ \(missing\)/u],
    ['records the wrong command', 'records', /differ \(differs\)/u],
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
