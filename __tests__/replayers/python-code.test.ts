/** @tier middle */
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import type { IHistoryEvent } from '../../src/temporal/history/proto.js';
import { replayRequest } from '../../src/replay/replay-histories.js';
import { projectRoot } from '../../testing/project-root.js';
import { pythonOrdersWorkspace } from '../../testing/python-orders.js';
import {
  findPlainPython,
  findPythonSdk,
  NEWEST_PYTHON_SDK,
  OLDEST_PYTHON_SDK,
} from '../../testing/python-sdk.js';
import { runCommand } from '../../testing/run-command.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import { makeWorkspace, type Workspace } from '../../testing/workspace.js';
import {
  ofType,
  readFixture,
  readFixtures,
  withEvents,
  type Fixture,
} from '../fixtures/histories.js';
import { failureToStart, PythonReplayer, type PythonReplayerOptions } from './python-replayer.js';
import { sourceLine } from './source-line.js';

jest.setTimeout(120_000);

const newest = await findPythonSdk(NEWEST_PYTHON_SDK);
const oldest = await findPythonSdk(OLDEST_PYTHON_SDK);
const plain = await findPlainPython();

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function workspace(files: Readonly<Record<string, string>>): Promise<Workspace> {
  return makeWorkspace({
    from: join(projectRoot, '__tests__', 'fixtures', 'applications', 'commands-python'),
    files,
  });
}

async function kept(made: Promise<Workspace>): Promise<string> {
  const workspaceMade = await made;
  cleanUps.push(() => workspaceMade.remove());
  return workspaceMade.application;
}

async function started(
  folder: string,
  options: PythonReplayerOptions = {},
): Promise<PythonReplayer> {
  const replayer = await PythonReplayer.start(required(newest).python, folder, options);
  cleanUps.push(() => replayer.stop());
  return replayer;
}

const timers = (): Fixture => readFixture(`python-commands-${NEWEST_PYTHON_SDK}`, 'timers');

/** The history of the workflow `timers`, changed. */
const changed = (
  workflowType: string,
  events: (all: IHistoryEvent[]) => IHistoryEvent[],
): Pick<Fixture, 'read'> => withEvents(historyOf(workflowType), events);

const historyOf = (workflowType: string): Fixture => ofType(timers(), workflowType);

const FORGED = '{"type":"result","id":"forged","outcome":"passed"}';

/** A module with a class for the workflow type `pay`. */
const implementation = (name: string): string =>
  `from temporalio import workflow\n@workflow.defn(name="pay")\nclass ${name}:\n` +
  '    @workflow.run\n    async def run(self) -> None: ...\n';

const ABSTRACT =
  'from abc import ABC, abstractmethod\nfrom temporalio import workflow\n\n' +
  '@workflow.defn(name="pay")\nclass Pays(ABC):\n' +
  '    @workflow.run\n    @abstractmethod\n    async def run(self) -> None: ...\n';

const BROKEN = 'broken.py';

const BROKEN_CODE = `import asyncio, os, re, subprocess, sys, threading, time
from temporalio import workflow

print('${FORGED}')
os.write(1, b'${FORGED}\\n')

@workflow.defn
class ThrowsBelow:
    @workflow.run
    async def run(self) -> None:
        self.pay()
    def pay(self) -> None:
        raise ValueError("no money")

@workflow.defn
class ThrowsGathered:
    @workflow.run
    async def run(self) -> None:
        await asyncio.gather(self.pay(), asyncio.sleep(1))
    async def pay(self) -> None:
        raise KeyError("gathered")

@workflow.defn
class ThrowsAtOnce:
    def __init__(self) -> None:
        raise TypeError("not made")
    @workflow.run
    async def run(self) -> None:
        pass

@workflow.defn
class CallsItself:
    @workflow.run
    async def run(self) -> None:
        self.count(0)
    def count(self, number: int) -> int:
        return self.count(number + 1) + 1

@workflow.defn
class AsksTheClock:
    @workflow.run
    async def run(self) -> None:
        time.time()

@workflow.defn(sandboxed=False)
class Exits:
    @workflow.run
    async def run(self) -> None:
        sys.exit(0)

@workflow.defn(sandboxed=False)
class Interrupts:
    @workflow.run
    async def run(self) -> None:
        raise KeyboardInterrupt("stop")

@workflow.defn(sandboxed=False)
class Dies:
    @workflow.run
    async def run(self) -> None:
        os._exit(0)

@workflow.defn
class Loops:
    @workflow.run
    async def run(self) -> None:
        while True:
            pass  # for ever

@workflow.defn
class Spins:
    @workflow.run
    async def run(self) -> None:
        while True:
            await asyncio.sleep(0)

@workflow.defn
class Matches:
    @workflow.run
    async def run(self) -> None:
        re.match(r"(a+)+$", "a" * 60 + "b")

@workflow.defn
class Swallows:
    @workflow.run
    async def run(self) -> None:
        while True:
            try:
                await workflow.wait_condition(lambda: False)
            except BaseException:
                pass

@workflow.defn
class Clings:
    @workflow.run
    async def run(self) -> None:
        asyncio.create_task(self.cling())
        await asyncio.sleep(0)
        raise ValueError("with a task that stays")
    async def cling(self) -> None:
        for _ in range(2):
            try:
                await asyncio.get_running_loop().create_future()
            except BaseException:
                pass

@workflow.defn
class GoesQuietly:
    @workflow.run
    async def run(self) -> None:
        class Own(BaseException):
            pass
        raise Own()

@workflow.defn(sandboxed=False)
class Prints:
    @workflow.run
    async def run(self) -> None:
        print('${FORGED}')
        sys.__stdout__.write('${FORGED}\\n')
        for descriptor in range(1, 20):
            try:
                os.write(descriptor, b'${FORGED}\\n')
            except OSError:
                pass
        subprocess.run(["echo", '${FORGED}'], check=True, close_fds=False)
        threading.Thread(target=print, args=('${FORGED}',)).start()
        print("x" * 1_000_000)
        # It has no share in what the parent sends.
        if sys.stdin.read() != "" or os.read(0, 1) != b"":
            raise ValueError("it read the protocol")
        raise ValueError("printed")
`;

skipUnless(newest).describe('workflow code that goes wrong', () => {
  let place: Workspace;
  let replayer: PythonReplayer;
  const options = { workflows: `${BROKEN}\nbasics` };

  beforeAll(async () => {
    place = await workspace({ [BROKEN]: BROKEN_CODE });
    replayer = await PythonReplayer.start(required(newest).python, place.application, options);
  });
  afterAll(async () => {
    await replayer.stop();
    await place.remove();
  });

  it.each([
    ['ThrowsBelow', /^ValueError: no money$/u, 'raise ValueError("no money")'],
    ['ThrowsGathered', /^KeyError: 'gathered'$/u, 'raise KeyError("gathered")'],
    ['ThrowsAtOnce', /^TypeError: not made$/u, 'raise TypeError("not made")'],
    ['CallsItself', /maximum recursion depth exceeded/u, 'self.count(number + 1)'],
    ['AsksTheClock', /Cannot access time\.time/u, 'time.time()'],
    ['Exits', /raised SystemExit, which ends the worker/u, 'sys.exit(0)'],
    [
      'Clings',
      /^ValueError: with a task that stays$/u,
      'raise ValueError("with a task that stays")',
    ],
    ['Interrupts', /raised KeyboardInterrupt, which ends the worker/u, 'raise KeyboardInterrupt'],
  ])('fails its task, at a line: %s', async (workflowType, message, line) => {
    for (const record of [false, true]) {
      const result = await replayer.replay(historyOf(workflowType), record);
      expect(result.message).toMatch(message);
      expect(result).toMatchObject({
        outcome: 'task-failed',
        ...sourceLine(place.application, BROKEN, line),
      });
    }
  });

  it('fails its task when no class has its type', async () => {
    const result = await replayer.replay(historyOf('Missing'));
    expect(result.outcome).toBe('task-failed');
    expect(result.message).toMatch(/Workflow class Missing is not registered/u);
    expect(result).not.toHaveProperty('line');
  });

  it('never passes when it ends without a word', async () => {
    const result = await replayer.replay(historyOf('GoesQuietly'));
    expect(result.outcome).toBe('nondeterministic');
  });

  it('prints, and neither into the protocol nor out of it', async () => {
    const result = await replayer.replay(historyOf('Prints'));
    expect(result).toMatchObject({ outcome: 'task-failed', message: 'ValueError: printed' });
    expect(replayer.process.isUsable).toBe(true);
  });

  it('is not judged when it never yields', async () => {
    const result = await replayer.replay(historyOf('Loops'));
    expect(result.outcome).toBe('errored');
    expect(result.message).toMatch(/Potential deadlock detected.* It was at .*broken\.py:\d+\.$/u);
  });

  it('harms no later history', async () => {
    expect(await replayer.replay(timers())).toMatchObject({ outcome: 'passed' });
  });

  it.each(['Matches', 'Swallows'])('never ends, but for the limit: %s', async (workflowType) => {
    const doomed = await started(place.application, options);
    const asked = replayRequest(historyOf(workflowType).read);
    expect(await doomed.process.replay(asked, 4_000)).toEqual({ kind: 'timeout' });
  });

  it('is not judged either when its event loop swallows the interruption', async () => {
    const doomed = await started(place.application, options);
    // By chance: the interruption ends the loop, or it is lost in it.
    const answer = await doomed.process.replay(replayRequest(historyOf('Spins').read), 10_000);
    const outcome = answer.kind === 'result' ? answer.result.outcome : answer.kind;
    expect(['errored', 'timeout']).toContain(outcome);
  });

  it('costs the process when it ends it, and is no pass', async () => {
    const doomed = await started(place.application, options);
    const asked = replayRequest(historyOf('Dies').read);
    const answer = await doomed.process.replay(asked, 60_000);
    expect(answer.kind).toBe('died');
  });
});

skipUnless(newest).describe('a history', () => {
  it('without a completed workflow task is not judged, and nothing waits for it', async () => {
    const replayer = await started(await kept(workspace({})), { workflows: 'basics' });
    for (const length of [0, 1, 3]) {
      const cut = changed('timers', (events) => events.slice(0, length));
      expect(await replayer.replay(cut)).toMatchObject({ outcome: 'errored' });
    }
    expect(await replayer.replay(timers())).toMatchObject({ outcome: 'passed' });
  });

  it('that holds what the code does not do is no pass', async () => {
    const replayer = await started(await kept(workspace({})), { workflows: 'basics' });
    expect(await replayer.replay(historyOf('fails'))).toMatchObject({
      outcome: 'nondeterministic',
      message: expect.stringMatching(/TMPRL1100|[Nn]ondeterminism/u),
    });
  });

  it('of an execution is replayed in its place', async () => {
    const code = `from temporalio import workflow
import asyncio

@workflow.defn(name="place")
class Place:
    @workflow.run
    async def run(self) -> None:
        raise RuntimeError(f"{workflow.info().namespace} {workflow.info().task_queue}")
`;
    const folder = await kept(workspace({ 'place.py': code }));
    const replayer = await started(folder, { workflows: 'place', namespace: 'acme' });
    for (const taskQueue of ['here', 'there']) {
      const { read } = historyOf('place');
      const execution = { ...read.execution, taskQueue };
      expect(await replayer.replay({ read: { ...read, execution } })).toMatchObject({
        outcome: 'task-failed',
        message: `acme ${taskQueue}`,
      });
    }
  });

  it('whose payloads nothing decodes is not judged', async () => {
    const replayer = await started(await kept(pythonOrdersWorkspace()));
    const compressed = readFixture(
      `python-orders-compressed-${NEWEST_PYTHON_SDK}`,
      'order-address-changed',
    );
    const result = await replayer.replay(compressed);
    expect(result.outcome).toBe('errored');
    expect(result.message).toMatch(/^its payloads are encoded as binary\/zlib, .*replay-options/u);
  });
});

skipUnless(newest, plain, oldest).describe('the start', () => {
  const CLASSES = `from basics import Timers, Fails
LIST = [Timers, Fails]
NUMBER = 1
`;

  it.each([
    ['a module', 'picked', ['fails', 'timers']],
    ['a class', 'basics:Timers', ['timers']],
    ['classes', 'basics:Timers,Fails', ['fails', 'timers']],
    ['a list', 'picked:LIST', ['fails', 'timers']],
    ['several modules on lines', 'basics:Timers\nbasics:Fails', ['fails', 'timers']],
    ['several modules on a line', 'basics:Timers, pkg.more', ['deep', 'timers']],
    ['a file', './pkg/more.py', ['deep']],
    ['a package', 'pkg', ['deep', 'deeper']],
    ['a folder', 'pkg/', ['deep', 'deeper']],
    ['a file below src', 'src/app/flows.py', ['below']],
    ['a module below src', 'app.flows', ['below']],
  ])('finds the workflows of %s', async (_, workflows, types) => {
    const one = (name: string): string => `from temporalio import workflow
from . import names

@workflow.defn(name="${name}")
class One:
    @workflow.run
    async def run(self) -> None:
        pass
`;
    const folder = await kept(
      workspace({
        'picked.py': CLASSES,
        'pkg/__init__.py': '',
        'pkg/names.py': '',
        'pkg/more.py': one('deep'),
        'pkg/below/__init__.py': '',
        'pkg/below/names.py': '',
        'pkg/below/more.py': one('deeper'),
        'pkg/below/test_more.py': 'raise ValueError("tests are not imported")',
        'src/app/__init__.py': '',
        'src/app/names.py': '',
        'src/app/flows.py': one('below'),
      }),
    );
    const replayer = await started(folder, { workflows });
    expect(replayer.ready.workflowTypes).toEqual(types);
  });

  it('finds the workflows in a usual place', async () => {
    const replayer = await started(await kept(pythonOrdersWorkspace()));
    expect(replayer.ready.workflowTypes).toEqual([
      ...['customerAccount', 'order', 'reminder', 'shipment'],
    ]);
  });

  it('writes nothing into the application', async () => {
    const path = await kept(pythonOrdersWorkspace());
    const replayer = await started(path);
    await replayer.replay(
      readFixture(`python-orders-${NEWEST_PYTHON_SDK}`, 'order-approved'),
      true,
    );
    const { stdout } = await runCommand('git', ['status', '--short', '--ignored'], { cwd: path });
    expect(stdout).toBe('');
  });

  it.each([
    [
      'no workflows anywhere',
      {},
      undefined,
      /^no workflows in the usual places/u,
      /set the input workflows/u,
    ],
    [
      'two usual places',
      { 'workflows.py': '', 'a/workflows.py': '' },
      undefined,
      /^workflows in several places: a\/workflows\.py, workflows\.py$/u,
      /set the input workflows/u,
    ],
    [
      'a module that is not there',
      {},
      'nowhere.flows',
      /No module named 'nowhere'/u,
      /folder src, which have .*basics/u,
    ],
    ['a file that is not there', {}, 'src/nowhere.py', /does not exist/u, /name a file/u],
    [
      'a name that is not there',
      {},
      'basics:Nothing',
      /has no Nothing/u,
      /classes are \w+, .*line of its own/u,
    ],
    [
      'a name that is no workflow',
      {},
      'picked:NUMBER',
      /neither a workflow class/u,
      /@workflow\.defn/u,
    ],
    ['a module without workflows', { 'empty.py': '' }, 'empty', /has no workflow classes/u, /./u],
    ['no names', {}, ':', /names no workflows/u, /pkg\.module/u],
    [
      'a module that lacks a package',
      { 'lacks.py': 'import no_such_package' },
      'lacks',
      /cannot be imported: ModuleNotFoundError: .* \(lacks\.py:1\)/u,
      /install what the application needs for .*python/u,
    ],
    [
      'a variable that a module reads and nobody set',
      { 'asks.py': 'import os\nlimit = int(os.environ["ORDER_LIMIT"])' },
      'asks',
      /cannot be imported: KeyError: 'ORDER_LIMIT' \(asks\.py:2\)/u,
      /runs without secrets.*name ORDER_LIMIT in replay-env/u,
    ],
    [
      'Django that is not set up',
      {
        'django/__init__.py': '',
        'django/core.py': 'class AppRegistryNotReady(Exception): ...',
        'models.py': 'from django.core import AppRegistryNotReady\nraise AppRegistryNotReady("no")',
      },
      'models',
      /cannot be imported: AppRegistryNotReady: no \(models\.py:2\)/u,
      /django\.setup\(\).*docs\/python\.md/u,
    ],
    [
      'a function that makes a workflow class',
      { 'makes.py': 'def make(limit):\n    ...' },
      'makes:make',
      /neither a workflow class/u,
      /WORKFLOWS = \[make\(\.\.\.\)\]/u,
    ],
    [
      'two implementations of a workflow type',
      { 'one.py': implementation('One'), 'two.py': implementation('Two') },
      'one\ntwo',
      /^the workflow type pay has several implementations: One \(one\.py:5\), Two \(two\.py:5\)$/u,
      /input workflows.*(?:one:One|two:Two)/u,
    ],
    [
      'only an abstract class',
      { 'declares.py': ABSTRACT },
      'declares',
      /only declare what others implement: Pays \(declares\.py:8\), it is abstract.* run/u,
      /name the module that implements/u,
    ],
    [
      'a module that throws',
      { 'throws.py': 'x = 1\nraise ValueError("no key")' },
      'throws',
      /cannot be imported: ValueError: no key \(throws\.py:2\)/u,
      /without secrets/u,
    ],
    [
      'a module that a package does not have',
      { 'pkg/__init__.py': '', 'pkg/flows.py': '' },
      'pkg.flow',
      /No module named 'pkg\.flow'/u,
      /^modules of pkg are flows$/u,
    ],
    [
      'a module that exits',
      { 'exits.py': 'import sys\nsys.exit(0)' },
      'exits',
      /SystemExit: 0/u,
      /./u,
    ],
    [
      'a class that the sandbox refuses',
      {
        'clock.py':
          'from temporalio import workflow\n' +
          'if workflow.unsafe.in_sandbox():\n    raise ValueError("not here")\n' +
          'from basics import Timers\n\n@workflow.defn\nclass Own:\n' +
          '    @workflow.run\n    async def run(self) -> None:\n        pass\n',
      },
      'clock',
      /the SDK cannot replay these workflows: ValueError: not here \(clock\.py:3\)/u,
      /would not start either/u,
    ],
  ])('says what is wrong: %s', async (_, files, workflows, message, hint) => {
    const folder = await kept(workspace({ 'picked.py': CLASSES, ...files }));
    const failure = await failureToStart(
      required(newest).python,
      folder,
      workflows === undefined ? {} : { workflows },
    );
    expect(failure.message).toMatch(message);
    expect(failure.hint).toMatch(hint);
  });

  it('takes the class that implements what others declare, and remembers what it left out', async () => {
    const folder = await kept(
      workspace({
        'pays/declares.py': ABSTRACT,
        'pays/implements.py':
          'from pays.declares import Pays\nfrom temporalio import workflow\n\n' +
          '@workflow.defn(name="pay")\nclass Implements(Pays):\n' +
          '    @workflow.run\n    async def run(self) -> None: ...\n',
        'pays/other.py': ABSTRACT.replaceAll('pay', 'refund').replaceAll('Pays', 'Refunds'),
        'pays/test_flows.py': implementation('Tested').replaceAll('"pay"', '"tested"'),
        'pays/tests/helpers.py': 'x = 1',
      }),
    );
    const { ready } = await started(folder, { workflows: 'pays/' });
    expect(ready.workflowTypes).toEqual(['pay']);
    expect(ready.skipped).toEqual([
      { what: 'Refunds (pays/other.py:8)', why: expect.stringContaining('abstract') },
      { what: 'pays/test_flows.py', why: expect.stringContaining('test') },
    ]);
  });

  it('says of a module that is no Python where, and nothing else', async () => {
    const folder = await kept(workspace({ 'text.py': 'x = 1\ndef' }));
    const failure = await failureToStart(required(newest).python, folder, { workflows: 'text' });
    expect(failure.message).toMatch(/SyntaxError.*\(text\.py:2\)/u);
    expect(failure.hint).toBeUndefined();
  });

  it('says which interpreter lacks the SDK', async () => {
    const { python } = required(plain);
    const folder = await kept(workspace({}));
    const { message, hint } = await failureToStart(python, folder, { workflows: 'basics' });
    expect(message).toContain(`${python} cannot import temporalio`);
    expect(hint).toMatch(/install the application's dependencies/u);
  });

  it('runs a module that starts threads and a server when it is imported, and ends all the same', async () => {
    const code = `import http.server, threading, time
from basics import Timers
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
threading.Thread(target=server.serve_forever).start()
threading.Thread(target=time.sleep, args=(3600,), daemon=False).start()
`;
    const folder = await kept(workspace({ 'serves.py': code }));
    const replayer = await started(folder, { workflows: 'serves' });
    expect(await replayer.replay(timers())).toMatchObject({ outcome: 'passed' });
    expect(await replayer.process.endBy('message', 10_000)).toBe(true);
  });

  it('gives a module that reads credentials when it is imported none', async () => {
    const secrets = { TEMPORAL_API_KEY: 'c0ffee-secret', AWS_SECRET_ACCESS_KEY: 'c0ffee-secret' };
    const code = `import os
found = [name for name, value in os.environ.items() if "secret" in (name + value).lower()]
raise ValueError(f"found {found}, {os.environ['TEMPORAL_API_KEY']}" if found else os.environ["TEMPORAL_API_KEY"])
`;
    const folder = await kept(workspace({ 'reads.py': code }));
    Object.assign(process.env, secrets);
    try {
      const failure = await failureToStart(required(newest).python, folder, { workflows: 'reads' });
      expect(failure.message).toMatch(
        /cannot be imported: KeyError: 'TEMPORAL_API_KEY' \(reads\.py:3\)/u,
      );
      expect(failure.hint).toMatch(/runs without secrets.*replay-env/u);
    } finally {
      for (const name of Object.keys(secrets)) Reflect.deleteProperty(process.env, name);
    }
  });

  it('keeps its own modules out of the application', async () => {
    const code = `import importlib.util, sys
for name in ("channel", "recorder", "replay_gate", "frames"):
    assert importlib.util.find_spec(name) is None, name
from basics import Timers
`;
    const folder = await kept(workspace({ 'looks.py': code }));
    const replayer = await started(folder, { workflows: 'looks' });
    expect(replayer.ready.workflowTypes).toEqual(['timers']);
  });

  const OPTIONS: Readonly<Record<string, string>> = {
    'named.py': `from orders.compression_codec import data_converter
options = {"data_converter": data_converter(True)}
def function(): return options
async def later(): return options
class Holder: pass
holder = Holder()
holder.data_converter = data_converter(True)
TEXT = "text"
UNKNOWN = {"data_convertor": 1}
OURS = {"workflows": []}
def throws(): raise ValueError("no key")
`,
    'attributes.py': `import orders.compression_codec as codec
data_converter = codec.data_converter(True)
`,
    'nothing.py': '',
  };

  it.each([
    ...['named:options', 'named:function', 'named:later', 'named:holder', 'named.py:options'],
    ...['attributes', 'attributes.py', 'orders.replay_options', 'orders/replay_options.py'],
  ])('takes replay-options: %s', async (module) => {
    const folder = await kept(pythonOrdersWorkspace({ files: OPTIONS }));
    const replayer = await started(folder, { module });
    const set = `python-orders-compressed-${NEWEST_PYTHON_SDK}`;
    expect(await replayer.replay(readFixture(set, 'order-address-changed'))).toMatchObject({
      outcome: 'passed',
    });
  });

  it.each([
    ['named:nothing', /has no nothing/u],
    ['named:TEXT', /is of type str and holds no options/u],
    ['named:UNKNOWN', /sets data_convertor, which the Replayer of this SDK does not take/u],
    ['named:OURS', /sets workflows, which the action sets itself/u],
    ['named:throws', /cannot be called: ValueError: no key \(named\.py:\d+\)/u],
    ['nothing', /has no replay_options and no option of a Replayer/u],
    ['nowhere', /No module named 'nowhere'/u],
    ['nowhere.py', /does not exist/u],
  ])('refuses replay-options: %s', async (module, message) => {
    const folder = await kept(pythonOrdersWorkspace({ files: OPTIONS }));
    const failure = await failureToStart(required(newest).python, folder, { module });
    expect(failure.message).toMatch(message);
    expect(failure.hint).toBeDefined();
  });
});

/** Each issues one timer, and waits. */
const LIMITS_CODE = `import asyncio
from datetime import timedelta
from temporalio import workflow

async def never() -> None:
    await workflow.wait_condition(lambda: False)

@workflow.defn(name="timeoutAlone")
class TimeoutAlone:
    @workflow.run
    async def run(self) -> None:
        async with asyncio.timeout(60):  # mark: timeoutAlone
            await never()

@workflow.defn(name="timeoutAt")
class TimeoutAt:
    @workflow.run
    async def run(self) -> None:
        async with asyncio.timeout_at(asyncio.get_running_loop().time() + 60):  # mark: timeoutAt
            await never()

@workflow.defn(name="timeoutGathered")
class TimeoutGathered:
    @workflow.run
    async def run(self) -> None:
        await asyncio.gather(self.limited(), never())
    async def limited(self) -> None:
        async with asyncio.timeout(60):  # mark: timeoutGathered
            await never()

@workflow.defn(name="timeoutInTask")
class TimeoutInTask:
    @workflow.run
    async def run(self) -> None:
        await asyncio.create_task(self.limited())
    async def limited(self) -> None:
        async with asyncio.timeout(60):  # mark: timeoutInTask
            await never()

@workflow.defn(name="waitForGathered")
class WaitForGathered:
    @workflow.run
    async def run(self) -> None:
        await asyncio.gather(
            never(),
            asyncio.wait_for(never(), 60),  # mark: waitForGathered
        )

@workflow.defn(name="waitForInTask")
class WaitForInTask:
    @workflow.run
    async def run(self) -> None:
        await asyncio.create_task(asyncio.wait_for(never(), 60))  # mark: waitForInTask

@workflow.defn(name="sleepGathered")
class SleepGathered:
    @workflow.run
    async def run(self) -> None:
        await asyncio.gather(
            never(),
            workflow.sleep(timedelta(minutes=1)),  # mark: sleepGathered
        )

@workflow.defn(name="sleepInGroup")
class SleepInGroup:
    @workflow.run
    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(60))  # mark: sleepInGroup

@workflow.defn(name="waitConditionInTask")
class WaitConditionInTask:
    @workflow.run
    async def run(self) -> None:
        await asyncio.create_task(
            workflow.wait_condition(lambda: False, timeout=60)  # mark: waitConditionInTask
        )
`;

const LIMITS = [...LIMITS_CODE.matchAll(/# mark: (\w+)/gu)].map(([, name = '']) => name);

skipUnless(newest).describe('the line of a timer, in whichever form', () => {
  it.each(LIMITS)('%s', async (name) => {
    const folder = await kept(workspace({ 'limits.py': LIMITS_CODE }));
    const replayer = await started(folder, { workflows: 'limits.py' });
    // Up to the timer that the first task starts.
    const history = changed(name, (events) => {
      const [first] = events.flatMap((event, index) =>
        event.timerStartedEventAttributes == null ? [] : [index + 1],
      );
      return events.slice(0, first);
    });
    const { outcome, commands } = await replayer.replay(history, true);
    expect(outcome).toBe('passed');
    expect(commands).toEqual([
      expect.objectContaining({
        command: 'StartTimer',
        ...sourceLine(folder, 'limits.py', `# mark: ${name}`),
      }),
    ]);
  });
});

/** What runs in the sandbox's own copies of modules, and what it asks of classes that are wrapped there. */
const SANDBOXED_CODE = `import datetime
from temporalio import workflow

SEEN = []

@workflow.defn(name="remembers")
class Remembers:
    @workflow.run
    async def run(self) -> None:
        SEEN.append(workflow.info().workflow_id)
        raise ValueError(f"seen {len(SEEN)}")

@workflow.defn(name="asksTypes")
class AsksTypes:
    @workflow.run
    async def run(self) -> None:
        now = datetime.datetime(2026, 1, 1)
        raise ValueError(
            f"{isinstance(now, datetime.datetime)} {isinstance(now, datetime.date)} {isinstance(now, str)} "
            f"{issubclass(datetime.datetime, datetime.date)} {issubclass(str, (datetime.date, int))} "
            f"{type(now) is datetime.datetime} {issubclass(datetime.datetime, datetime.datetime)}"
        )

@workflow.defn(name="opens")
class Opens:
    @workflow.run
    async def run(self) -> None:
        open("sandboxed.py")
`;

/** A history that the SDK must look into even where there is no codec and no external storage. */
function storedElsewhere(workflowType: string): Pick<Fixture, 'read'> {
  return changed(workflowType, (events) => {
    const started = events[0]?.workflowExecutionStartedEventAttributes;
    const metadata = { encoding: Buffer.from('json/external-storage-reference') };
    if (started != null) started.input = { payloads: [{ metadata, data: Buffer.from('{}') }] };
    return events;
  });
}

for (const [version, sdk] of [
  [NEWEST_PYTHON_SDK, newest],
  [OLDEST_PYTHON_SDK, oldest],
] as const) {
  skipUnless(sdk).describe(`what only makes replay faster, SDK ${version}`, () => {
    async function compared(
      folder: string,
      workflows: string | undefined,
      histories: readonly Pick<Fixture, 'read'>[],
    ): Promise<string[]> {
      const { python } = required(sdk);
      const start = async (accelerate: boolean): Promise<PythonReplayer> => {
        const options = { accelerate, ...(workflows === undefined ? {} : { workflows }) };
        const replayer = await PythonReplayer.start(python, folder, options);
        cleanUps.push(() => replayer.stop());
        return replayer;
      };
      const [fast, slow] = [await start(true), await start(false)];
      const outcomes: string[] = [];
      for (const history of histories) {
        for (const record of [false, true]) {
          const expected = await slow.replay(history, record);
          const result = await fast.replay(history, record);
          expect({ ...result, durationMs: 0 }).toEqual({ ...expected, durationMs: 0 });
          if (!record) outcomes.push(`${expected.outcome} ${expected.message ?? ''}`.trim());
        }
      }
      return outcomes;
    }

    const ofOrders = readFixtures(`python-orders-${NEWEST_PYTHON_SDK}`);
    if (version === NEWEST_PYTHON_SDK) {
      it('changes no outcome of histories that break', async () => {
        const folder = await kept(pythonOrdersWorkspace({ patch: 'incompatible' }));
        const outcomes = await compared(folder, undefined, ofOrders);
        expect(new Set(outcomes.map((outcome) => outcome.split(' ')[0]))).toEqual(
          new Set(['passed', 'nondeterministic']),
        );
      });
    }

    it('changes nothing of every kind of command', async () => {
      const workflows = version === NEWEST_PYTHON_SDK ? 'basics\nnews' : 'basics:BASICS';
      const histories = readFixtures(`python-commands-${version}`);
      const outcomes = await compared(await kept(workspace({})), workflows, histories);
      expect(new Set(outcomes)).toEqual(new Set(['passed']));
    });

    it('changes nothing of code that goes wrong', async () => {
      const files = { [BROKEN]: BROKEN_CODE };
      const types = ['ThrowsBelow', 'ThrowsGathered', 'ThrowsAtOnce', 'AsksTheClock', 'Exits'];
      const histories = types.map((type) => historyOf(type));
      const outcomes = await compared(await kept(workspace(files)), BROKEN, histories);
      expect(outcomes.every((outcome) => outcome.startsWith('task-failed'))).toBe(true);
    });

    it("leaves each history modules of its own, and the sandbox's answers as they are", async () => {
      const files = { 'sandboxed.py': SANDBOXED_CODE };
      const types = ['remembers', 'asksTypes', 'remembers', 'opens'];
      const histories = [...types.map((type) => historyOf(type)), storedElsewhere('remembers')];
      const outcomes = await compared(await kept(workspace(files)), 'sandboxed.py', histories);
      expect(outcomes).toEqual([
        'task-failed ValueError: seen 1',
        // What is restricted is wrapped: the class that code sees is not the type itself.
        'task-failed ValueError: True True False True False False True',
        'task-failed ValueError: seen 1',
        expect.stringMatching(/^task-failed .*open/u),
        // Later releases look for it before they convert.
        expect.stringMatching(/^(?:task-failed .*TMPRL1105|errored .*encoded as json\/external)/u),
      ]);
    });
  });
}
