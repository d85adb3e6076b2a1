import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import { replayRequest } from '../../src/replay/replay-histories.js';
import { ordersWorkspace } from '../../testing/orders-application.js';
import type { Workspace } from '../../testing/workspace.js';
import { COMMANDS_NAMESPACE } from '../fixtures/commands-scenarios.js';
import { ofType, readFixture, type Fixture } from '../fixtures/histories.js';
import { commandsWorkspace } from './commands-application.js';
import { sourceLine } from './source-line.js';
import { failureToStart, TypeScriptReplayer, type ReplayerOptions } from './typescript-replayer.js';

jest.setTimeout(60_000);

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function kept(workspace: Promise<Workspace>): Promise<string> {
  const made = await workspace;
  cleanUps.push(() => made.remove());
  return made.application;
}

async function started(folder: string, options: ReplayerOptions): Promise<TypeScriptReplayer> {
  const replayer = await TypeScriptReplayer.start(folder, options);
  cleanUps.push(() => replayer.stop());
  return replayer;
}

function command(name: string): Fixture {
  return readFixture('commands-1.24.0', name);
}

/** A history of the workflow `timers`, as if it were of another type. */
function historyOf(workflowType: string): Pick<Fixture, 'read'> {
  return ofType(command('timers'), workflowType);
}

const BROKEN = 'src/workflows/broken.ts';

const BROKEN_CODE = `import { sleep } from '@temporalio/workflow';

export async function throwsBelow() {
  pay();
}
function pay(): never {
  throw new RangeError('no money');
}

export async function forgetsPromise() {
  void Promise.reject(new Error('nobody looks'));
  await sleep('10 ms');
}

export async function forgetsAndThrows() {
  void Promise.reject(new Error('nobody looks either'));
  throw new Error('now');
}

export async function callsItself() {
  return count(0);
}
function count(from: number): number {
  return count(from + 1) + 1;
}

export async function throwsText() {
  throw 'a text';
}

export async function loops() {
  for (;;);
}

export async function waitsForItself() {
  for (;;) await Promise.resolve();
}

export async function prints() {
  console.log('{"type":"result","id":"forged","outcome":"passed"}');
  console.error('{"type":"result","id":"forged","outcome":"passed"}');
  console.log('x'.repeat(1_000_000));
}
console.log('{"type":"result","id":"forged","outcome":"passed"}');
`;

describe('workflow code that goes wrong', () => {
  let workspace: Workspace;
  let replayer: TypeScriptReplayer;
  const options = { workflows: BROKEN };

  beforeAll(async () => {
    workspace = await commandsWorkspace({ [BROKEN]: BROKEN_CODE });
    replayer = await TypeScriptReplayer.start(workspace.application, options);
  });
  afterAll(async () => {
    await replayer.stop();
    await workspace.remove();
  });

  it.each([
    ['throwsBelow', 'no money', "throw new RangeError('no money')"],
    [
      'forgetsPromise',
      'Unhandled Promise rejection: Error: nobody looks',
      "Promise.reject(new Error('nobody looks'))",
    ],
    ['callsItself', 'Maximum call stack size exceeded', 'count(from + 1)'],
    ['forgetsAndThrows', 'now', "throw new Error('now')"],
  ])('fails its task, at a line: %s', async (workflowType, message, line) => {
    expect(await replayer.replay(historyOf(workflowType))).toMatchObject({
      outcome: 'task-failed',
      message,
      ...sourceLine(workspace.application, BROKEN, line),
    });
  });

  it('fails its task without a line when it throws what is no error', async () => {
    const result = await replayer.replay(historyOf('throwsText'));
    expect(result.outcome).toBe('task-failed');
    expect(result.message).toMatch(/^a text /u);
    expect(result).not.toHaveProperty('file');
  });

  it('harms no later history', async () => {
    const first = await replayer.replay(historyOf('throwsBelow'));
    await replayer.replay(historyOf('forgetsPromise'));
    const { durationMs: _, ...again } = await replayer.replay(historyOf('throwsBelow'));
    expect(first).toMatchObject(again);
  });

  it('prints, and never into the protocol', async () => {
    const result = await replayer.replay(historyOf('prints'));
    expect(result).toMatchObject({ outcome: 'nondeterministic' });
    expect(replayer.process.isUsable).toBe(true);
  });

  it.each(['loops', 'waitsForItself'])('never ends, but for the limit: %s', async (type) => {
    const { scratch } = replayer;
    const doomed = await TypeScriptReplayer.start(workspace.application, { ...options, scratch });
    const asked = replayRequest(historyOf(type).read);
    expect(await doomed.process.replay(asked, 1_500)).toEqual({ kind: 'timeout' });
  });

  it('throws while it loads, which fails the task of every history, at the line', async () => {
    const code = `const limits = undefined as unknown as { days: number };
      const days = limits.days;
      export async function timers() { return days; }`;
    const folder = await kept(commandsWorkspace({ 'src/workflows/index.ts': code }));
    const loading = await started(folder, {});
    expect(loading.ready.workflowTypes).toBeUndefined();
    expect(await loading.replay(command('timers'))).toMatchObject({
      outcome: 'task-failed',
      message: "Cannot read properties of undefined (reading 'days')",
      ...sourceLine(folder, 'src/workflows/index.ts', 'limits.days'),
    });
  });
});

describe('the place of an execution', () => {
  it('is what the workflow sees: its namespace and its task queue', async () => {
    const folder = await kept(commandsWorkspace());
    const history = command('place');
    const here = await started(folder, { namespace: COMMANDS_NAMESPACE });
    expect(await here.replay(history)).toMatchObject({ outcome: 'passed' });
    const { read } = history;
    const execution = { ...read.execution, taskQueue: 'elsewhere' };
    expect(await here.replay({ read: { ...read, execution } })).toMatchObject({
      outcome: 'nondeterministic',
    });
    // Back again: each task queue has a replay worker of its own.
    expect(await here.replay(history)).toMatchObject({ outcome: 'passed' });
    const { scratch } = here;
    const elsewhere = await started(folder, { namespace: 'elsewhere', scratch });
    expect(await elsewhere.replay(history)).toMatchObject({ outcome: 'nondeterministic' });
  });
});

describe('executions of more task queues than one process has replay workers for', () => {
  it('are replayed all the same, also when a task queue comes back', async () => {
    const replayer = await started(await kept(commandsWorkspace()), {});
    const { read } = command('timers');
    for (let round = 0; round < 2; round++) {
      for (let queue = 0; queue < 12; queue++) {
        const execution = { ...read.execution, taskQueue: `queue-${queue}` };
        const history = { read: { ...read, execution } };
        expect(await replayer.replay(history)).toMatchObject({ outcome: 'passed' });
      }
    }
  });
});

describe('the module of replay-options', () => {
  const OPTIONS = '{ dataConverter: { payloadCodecs: [codec] } }';
  const TYPED = `import { EncryptionCodec } from '../src/encryption-codec.js';
    const codec: EncryptionCodec = new EncryptionCodec();\n`;
  const UNTYPED = `const codec = { decode() { throw new Error('the codec was asked'); } };\n`;
  const FORGED = '{"type":"result","id":"forged","outcome":"passed"}';

  const MODULES = {
    'default.ts': `${TYPED} export default ${OPTIONS};`,
    'named.ts': `${TYPED} export const replayOptions = ${OPTIONS};`,
    'function.ts': `${TYPED} export default () => (${OPTIONS});`,
    'async.ts': `${TYPED} export async function replayOptions() { return ${OPTIONS}; }`,
    'common.cts': `${TYPED} export default ${OPTIONS};`,
    'default.mjs': `${UNTYPED} export default ${OPTIONS};`,
    'named.mjs': `${UNTYPED} export const replayOptions = ${OPTIONS};`,
    'function.mjs': `${UNTYPED} export default async () => (${OPTIONS});`,
    'common.cjs': `${UNTYPED} module.exports = ${OPTIONS};`,
    'named.js': `${UNTYPED} exports.replayOptions = () => (${OPTIONS});`,
    'compiled.js': `${UNTYPED} exports.default = ${OPTIONS};`,
    'modern.mts': `${TYPED} const options = await Promise.resolve(${OPTIONS});
      export default options;`,
    'awaits.ts': `${TYPED} export default await Promise.resolve(${OPTIONS});
      void __dirname;`,
    'aliased.ts': `import { EncryptionCodec } from '@orders/encryption-codec';
      export default { dataConverter: { payloadCodecs: [new EncryptionCodec()] } };`,
    'aliased.mts': `import { EncryptionCodec } from '@orders/encryption-codec';
      export default { dataConverter: { payloadCodecs: [new EncryptionCodec()] } };`,
    'untyped.mjs': `import { EncryptionCodec } from '../src/encryption-codec.ts';
      export default { dataConverter: { payloadCodecs: [new EncryptionCodec()] } };`,
    'untyped.cjs': `const { EncryptionCodec } = require('../src/encryption-codec');
      module.exports = { dataConverter: { payloadCodecs: [new EncryptionCodec()] } };`,
    'package.json': '{ "imports": { "#codec": "../src/encryption-codec.ts" } }',
    'esm/package.json': '{ "type": "module" }',
    'esm/plain.ts': `import { createRequire } from 'node:module';
      import { EncryptionCodec } from '../../src/encryption-codec';
      const require = createRequire(import.meta.url);
      if (!require.resolve('node:fs') || !__filename.endsWith('plain.ts')) throw new Error('no');
      export default { dataConverter: { payloadCodecs: [new EncryptionCodec()] } };`,
    'needs-secret.ts': `if (process.env['ENCRYPTION_KEY'] === undefined) {
        throw new Error('no key is there');
      }
      export default {};`,
    'throws.ts': `export default () => {
        throw new Error('no key');
      };`,
    'text.ts': `export default 'text';`,
    'broken.ts': 'export default {',
    'no-package.mts': "import '@acme/codecs'; export default {};",
    'no-file.ts': "import './codecs'; export default {};",
    'no-alias.ts': "import '@orders/codecs'; export default {};",
    'prints.ts': `import { writeSync } from 'node:fs';
      import { spawnSync } from 'node:child_process';
      console.log('${FORGED}');
      process.stdout.write('${FORGED}\\n');
      writeSync(1, '${FORGED}\\n');
      spawnSync(process.execPath, ['-p', 'JSON.stringify(${FORGED})'], { stdio: 'inherit' });
      ${TYPED}
      const decode = codec.decode.bind(codec);
      codec.decode = (payloads) => {
        console.log('${FORGED}');
        return decode(payloads);
      };
      export default ${OPTIONS};`,
  };

  const encrypted = (): Fixture => readFixture('orders-encrypted-1.24.0', 'order-address-changed');
  let workspace: Workspace;
  let without: TypeScriptReplayer;

  beforeAll(async () => {
    const files = Object.entries(MODULES).map(([name, code]) => [`options/${name}`, code]);
    workspace = await ordersWorkspace({
      files: {
        ...(Object.fromEntries(files) as Record<string, string>),
        'options/tsconfig.json': `{ /* as people write it */
          "compilerOptions": { "paths": { "@orders/*": ["../src/*"], }, } }`,
      },
    });
    without = await TypeScriptReplayer.start(workspace.application);
  });
  afterAll(async () => {
    await without.stop();
    await workspace.remove();
  });

  /** With the bundle that is there: only workflow code and converters change a bundle. */
  function withModule(name: string): ReplayerOptions {
    return { module: join(workspace.application, 'options', name), scratch: without.scratch };
  }

  it('brings the codec without which encrypted histories cannot be judged', async () => {
    expect(await without.replay(encrypted())).toMatchObject({ outcome: 'errored' });
    const replayer = await started(workspace.application, withModule('../src/replay-options.ts'));
    expect(await replayer.replay(encrypted())).toMatchObject({ outcome: 'passed' });
  });

  it.each([
    ...['default.ts', 'named.ts', 'function.ts', 'async.ts', 'common.cts'],
    ...['modern.mts', 'awaits.ts', 'aliased.ts', 'aliased.mts', 'esm/plain.ts'],
    ...['untyped.mjs', 'untyped.cjs'],
  ])('may be TypeScript, or import it: %s', async (name) => {
    const replayer = await started(workspace.application, withModule(name));
    expect(await replayer.replay(encrypted())).toMatchObject({ outcome: 'passed' });
  });

  it.each([
    ...['default.mjs', 'named.mjs', 'function.mjs', 'common.cjs', 'named.js', 'compiled.js'],
  ])('may be JavaScript: %s', async (name) => {
    const replayer = await started(workspace.application, withModule(name));
    const result = await replayer.replay(encrypted());
    expect(result).toMatchObject({ outcome: 'task-failed', message: 'the codec was asked' });
  });

  it('may print, by whatever way, and never into the protocol', async () => {
    const replayer = await started(workspace.application, withModule('prints.ts'));
    expect(await replayer.replay(encrypted())).toMatchObject({ outcome: 'passed' });
    expect(replayer.process.isUsable).toBe(true);
  });

  it.each([
    [
      'needs-secret.ts',
      'cannot be loaded: no key is there (options/needs-secret.ts:2)',
      'variables that the replay process does not have (ENCRYPTION_KEY)',
    ],
    ['throws.ts', 'cannot be loaded: no key (options/throws.ts:2)', 'its own code throws this'],
    ['broken.ts', 'cannot be loaded: ', 'correct what cannot be parsed'],
    ['text.ts', 'exports no options', 'export an object'],
    [
      'no-package.mts',
      "cannot be loaded: Cannot find package '@acme/codecs', which options/no-package.mts imports",
      'install that package',
    ],
    [
      'no-file.ts',
      "cannot be loaded: Cannot find module './codecs', which options/no-file.ts imports",
      'correct the import',
    ],
    [
      'no-alias.ts',
      "cannot be loaded: Cannot find module '@orders/codecs', which options/no-alias.ts imports; " +
        'options/tsconfig.json says that it is src/codecs, which does not exist',
      'correct the import or the paths',
    ],
  ])('is refused: %s', async (name, message, hint) => {
    const failure = await failureToStart(workspace.application, withModule(name));
    expect(failure.message).toContain(`the module of replay-options ${message}`);
    expect(failure.hint).toContain(hint);
  });
});
