import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import type { Workspace } from '../../testing/workspace.js';
import { ofType, readFixture, type Fixture } from '../fixtures/histories.js';
import { commandsWorkspace } from './commands-application.js';
import { sourceLine } from './source-line.js';
import { TypeScriptReplayer } from './typescript-replayer.js';

jest.setTimeout(60_000);

const FILES = {
  'src/workflows/index.ts': `export * from './of-sdk-1.8';
export { updates } from './updates';
export async function throws() {
  const nothing = undefined as unknown as { x: number };
  return nothing.x;
}
export async function throwsText() {
  throw 'a text';
}
`,
  'src/failures.ts': `import { DefaultFailureConverter } from '@temporalio/common';
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
`,
  'src/payloads.ts': `import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';
import { decode } from '@temporalio/common/lib/encoding';
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload(payload: Payload) {
    const text = decode(payload.data!);
    if (text === '') return undefined as never;
    const cause = new RangeError('no day in ' + text);
    throw Object.assign(new Error('it is ' + text), { cause });
  },
};
`,
  'encoded.ts': `import { join } from 'node:path';
export default { dataConverter: { failureConverterPath: join(__dirname, 'src/failures.ts') } };
`,
  'picky.ts': `import { join } from 'node:path';
export default { dataConverter: {
  failureConverterPath: join(__dirname, 'src/failures.ts'),
  payloadConverterPath: join(__dirname, 'src/payloads.ts'),
} };
`,
};

let workspace: Workspace;
beforeAll(async () => {
  workspace = await commandsWorkspace(FILES);
});
afterAll(() => workspace.remove());

function command(name: string): Fixture {
  return readFixture('commands-1.24.0', name);
}

function replayerWith(module: string): { readonly replayer: TypeScriptReplayer } {
  let replayer: TypeScriptReplayer | undefined;
  beforeAll(async () => {
    const { application } = workspace;
    replayer = await TypeScriptReplayer.start(application, { module: join(application, module) });
  });
  afterAll(() => replayer?.stop());
  return {
    get replayer() {
      if (replayer === undefined) throw new Error('there is no replayer');
      return replayer;
    },
  };
}

describe('a failure converter that encodes messages', () => {
  const started = replayerWith('encoded.ts');

  it('hides neither what the code throws nor where', async () => {
    expect(await started.replayer.replay(ofType(command('timers'), 'throws'))).toMatchObject({
      outcome: 'task-failed',
      message: "Cannot read properties of undefined (reading 'x')",
      ...sourceLine(workspace.application, 'src/workflows/index.ts', 'nothing.x'),
    });
    expect(await started.replayer.replay(ofType(command('timers'), 'throwsText'))).toMatchObject({
      outcome: 'task-failed',
      message: 'a text',
    });
  });

  it('hides no missing type', async () => {
    expect(await started.replayer.replay(ofType(command('timers'), 'gone'))).toMatchObject({
      outcome: 'task-failed',
      message: expect.stringContaining('no such function is exported'),
    });
  });
});

describe('a payload that the converter fails on', () => {
  const started = replayerWith('picky.ts');

  it.each([
    [
      'continued',
      'task-failed',
      { of: 'workflow', name: '', argument: 1 },
      ['continued.ts', 'continued(runs'],
    ],
    [
      'activities',
      'task-failed',
      { of: 'result', name: 'activity greet' },
      ['activities.ts', 'remote.greet(name)'],
    ],
    [
      'updates-finished',
      'nondeterministic',
      { of: 'update', name: 'add', argument: 1 },
      ['updates.ts', 'setHandler(add,'],
    ],
  ] as const)(
    'is told with what it belongs to, the innermost reason and the line: %s',
    async (name, outcome, expected, [file, text]) => {
      const plain = await started.replayer.replay(command(name));
      expect(plain).toMatchObject({ outcome, undecoded: [expected] });
      const { undecoded = [], message } = await started.replayer.replay(command(name), true);
      const { line } = sourceLine(workspace.application, `src/workflows/${file}`, text);
      expect(undecoded[0]).toMatchObject({ ...expected, line });
      // The converter quotes what the payload holds. Of that only the signs between the words stay.
      const reason = undecoded[0]?.reason ?? '';
      expect(reason).toMatch(/^RangeError: no day in (?:"(?=…))?[^\p{L}\d]*$/u);
      if (outcome === 'task-failed') expect(message).toContain(reason);
    },
  );
});
