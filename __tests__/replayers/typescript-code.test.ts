import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import { replayMessage } from '../../src/replay/replay-histories.js';
import { ordersWorkspace } from '../../testing/orders-application.js';
import type { Workspace } from '../../testing/workspace.js';
import { COMMANDS_NAMESPACE } from '../fixtures/applications/commands/scenarios.js';
import { readFixtures, type Fixture } from '../fixtures/histories.js';
import { commandsWorkspace } from './commands-application.js';
import { sourceLine } from './source-line.js';
import { failureToStart, TypeScriptReplayer, type ReplayerOptions } from './typescript-replayer.js';

jest.setTimeout(60_000);

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function kept(workspace: Promise<Workspace>): Promise<string> {
  const { application, remove } = await workspace;
  cleanUps.push(remove);
  return application;
}

async function started(folder: string, options: ReplayerOptions): Promise<TypeScriptReplayer> {
  const replayer = await TypeScriptReplayer.start(folder, options);
  cleanUps.push(() => replayer.stop());
  return replayer;
}

/** The application with other code in the workflow `timers`, and its replayer. */
async function withTimers(code: string): Promise<{ folder: string; replayer: TypeScriptReplayer }> {
  const folder = await kept(commandsWorkspace({ [TIMERS]: code }));
  return { folder, replayer: await started(folder, { namespace: COMMANDS_NAMESPACE }) };
}

const TIMERS = 'src/workflows/timers.ts';

function command(name: string): Fixture {
  return found('commands-1.24.0', name);
}

function found(set: string, name: string): Fixture {
  const fixture = readFixtures(set).find((candidate) => candidate.name === name);
  if (fixture === undefined) throw new Error(`there is no history ${name}`);
  return fixture;
}

describe('workflow code that fails its task', () => {
  it.each<[string, string, string, string | undefined]>([
    [
      'it throws in a function that others call',
      `function pay(): never {
         throw new RangeError('no money');
       }
       export async function timers() {
         pay();
       }`,
      'no money',
      'throw new',
    ],
    [
      'nobody waits for a promise that is rejected',
      `import { sleep } from '@temporalio/workflow';
       export async function timers() {
         void Promise.reject(new Error('nobody looks'));
         await sleep('10 ms');
       }`,
      'Unhandled Promise rejection: Error: nobody looks',
      'Promise.reject',
    ],
    [
      'the module throws while it loads',
      `const limits = undefined as unknown as { days: number };
       const days = limits.days;
       export async function timers() { return days; }`,
      "Cannot read properties of undefined (reading 'days')",
      'limits.days',
    ],
    [
      'it calls itself for ever',
      `export async function timers() {
         return count(0);
       }
       function count(from: number): number { return count(from + 1) + 1; }`,
      'Maximum call stack size exceeded',
      'count(from + 1)',
    ],
    [
      'it throws what is no error',
      `export async function timers() { throw 'a text'; }`,
      'a text [A non-Error value was thrown from your code. We recommend throwing Error objects so that we can provide a stack trace]',
      undefined,
    ],
  ])('is named with its line: %s', async (_, code, message, line) => {
    const { folder, replayer } = await withTimers(code);
    const result = await replayer.replay(command('timers'));
    expect(result).toMatchObject({ outcome: 'task-failed', message });
    if (line === undefined) expect(result).not.toHaveProperty('file');
    else expect(result).toMatchObject(sourceLine(folder, TIMERS, line));
  });

  it('fails nothing but its own histories', async () => {
    const { replayer } = await withTimers(`
      export async function timers() {
        void Promise.reject(new Error('nobody looks'));
        throw new Error('now');
      }`);
    for (let round = 0; round < 3; round++) {
      expect(await replayer.replay(command('timers'))).toMatchObject({ outcome: 'task-failed' });
      expect(await replayer.replay(command('seeded'))).toMatchObject({ outcome: 'passed' });
    }
  });

  it('is an endless loop, which the limit ends', async () => {
    const { replayer } = await withTimers('export async function timers() { for (;;); }');
    const answer = await replayer.process.replay(replayMessage(command('timers').read), 1_500);
    expect(answer).toEqual({ kind: 'timeout' });
  });

  it('waits for itself without an end, which the limit ends', async () => {
    const { replayer } = await withTimers(
      'export async function timers() { for (;;) await Promise.resolve(); }',
    );
    const answer = await replayer.process.replay(replayMessage(command('timers').read), 1_500);
    expect(answer).toEqual({ kind: 'timeout' });
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
    const elsewhere = await started(folder, { namespace: 'elsewhere' });
    expect(await elsewhere.replay(history)).toMatchObject({ outcome: 'nondeterministic' });
  });
});

const FORGED = '{"type":"result","id":"forged","outcome":"passed"}';

describe('prints never reach the protocol', () => {
  it('from workflow code', async () => {
    const { replayer } = await withTimers(`
      console.log('${FORGED}');
      export async function timers() {
        console.log('${FORGED}');
        console.error('${FORGED}');
        console.log('x'.repeat(1_000_000));
      }`);
    expect(await replayer.replay(command('timers'))).toMatchObject({ outcome: 'nondeterministic' });
    expect(await replayer.replay(command('talkative'))).toMatchObject({ outcome: 'passed' });
    expect(replayer.process.isUsable).toBe(true);
  });

  it('from the module of replay-options, by whatever way they go', async () => {
    const folder = await kept(
      commandsWorkspace({
        'replay-options.ts': `
          import { writeSync } from 'node:fs';
          import { execSync } from 'node:child_process';
          console.log('${FORGED}');
          process.stdout.write('${FORGED}\\n');
          writeSync(1, '${FORGED}\\n');
          execSync("echo '${FORGED}'", { stdio: 'inherit' });
          export default {
            sinks: {},
            dataConverter: {
              payloadCodecs: [
                {
                  encode: async (payloads: unknown[]) => payloads,
                  decode: async (payloads: unknown[]) => {
                    console.log('${FORGED}');
                    return payloads;
                  },
                },
              ],
            },
          };`,
      }),
    );
    const replayer = await started(folder, { module: join(folder, 'replay-options.ts') });
    expect(await replayer.replay(command('activities'))).toMatchObject({ outcome: 'passed' });
    expect(replayer.process.isUsable).toBe(true);
  });
});

describe('the module of replay-options', () => {
  const encrypted = (): Fixture => found('orders-encrypted-1.24.0', 'order-address-changed');

  async function outcomeWith(files: Record<string, string>, module?: string): Promise<string> {
    const folder = await kept(ordersWorkspace({ files }));
    const replayer = await started(
      folder,
      module === undefined ? {} : { module: join(folder, module) },
    );
    return (await replayer.replay(encrypted())).outcome;
  }

  it('brings the codec without which encrypted histories cannot be judged', async () => {
    expect(await outcomeWith({}, 'src/replay-options.ts')).toBe('passed');
    expect(await outcomeWith({})).toBe('errored');
  });

  const OPTIONS = '{ dataConverter: { payloadCodecs: [codec] } }';

  it.each([
    ['a default export', 'o.ts', `export default ${OPTIONS};`],
    ['an export of its name', 'o.ts', `export const replayOptions = ${OPTIONS};`],
    ['a function', 'o.ts', `export default () => (${OPTIONS});`],
    [
      'a function that waits',
      'o.ts',
      `export async function replayOptions() { return ${OPTIONS}; }`,
    ],
    ['the ending .cts', 'o.cts', `export default ${OPTIONS};`],
  ])('may be TypeScript with %s', async (_, module, code) => {
    const codec = `import { EncryptionCodec } from './src/encryption-codec.js';
      const codec: EncryptionCodec = new EncryptionCodec();\n`;
    expect(await outcomeWith({ [module]: codec + code }, module)).toBe('passed');
  });

  it.each([
    ['a default export', 'o.mjs', `export default ${OPTIONS};`],
    ['an export of its name', 'o.mjs', `export const replayOptions = ${OPTIONS};`],
    ['a function', 'o.mjs', `export default () => (${OPTIONS});`],
    ['module.exports', 'o.cjs', `module.exports = ${OPTIONS};`],
    ['exports', 'o.js', `exports.replayOptions = () => (${OPTIONS});`],
    ['a default export that was compiled', 'o.js', `exports.default = ${OPTIONS};`],
  ])('may be JavaScript with %s', async (_, module, code) => {
    const codec = `const codec = { decode() { throw new Error('the codec was asked'); } };\n`;
    const folder = await kept(ordersWorkspace({ files: { [module]: codec + code } }));
    const replayer = await started(folder, { module: join(folder, module) });
    const result = await replayer.replay(encrypted());
    expect(result).toMatchObject({ outcome: 'task-failed', message: 'the codec was asked' });
  });

  it('must not need a secret, and is told so', async () => {
    const folder = await kept(
      ordersWorkspace({
        files: {
          'o.ts': `const key = process.env['ENCRYPTION_KEY'];
            if (key === undefined) throw new Error('ENCRYPTION_KEY is not set');
            export default {};`,
        },
      }),
    );
    expect(await failureToStart(folder, { module: join(folder, 'o.ts') })).toEqual({
      message: 'the module of replay-options cannot be loaded: ENCRYPTION_KEY is not set',
      hint: 'it runs without secrets and with an allow-listed environment: it must not need more',
    });
  });

  it.each([
    ['throws where it is called', `export default () => { throw new Error('no key'); };`, 'no key'],
    ['exports no options', `export const codec = 1; export default 'text';`, 'exports no options'],
    ['does not compile', `export default {`, 'cannot be loaded'],
  ])('is refused when it %s', async (_, code, message) => {
    const folder = await kept(ordersWorkspace({ files: { 'o.ts': code } }));
    const failure = await failureToStart(folder, { module: join(folder, 'o.ts') });
    expect(failure.message).toContain('the module of replay-options');
    expect(failure.message).toContain(message);
    expect(failure.hint).toBeDefined();
  });
});
