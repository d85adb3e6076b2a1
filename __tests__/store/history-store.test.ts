import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { WholeHistory } from '../../src/temporal/history/whole-history.js';
import type { Execution } from '../../src/model/execution.js';
import { HistoryStore } from '../../src/store/history-store.js';
import { StoreFolder } from '../../src/store/store-folder.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { EventHistory } from '../builders/event-history.js';
import { aClosedExecution, anExecution } from '../builders/executions.js';
import { wholeRead } from '../../src/temporal/read-history.js';

const PASSPHRASE = 'a passphrase of the tests';
const SERVER = ['temporal.test:7233', 'cluster-1', 'default'];
const { events: EVENTS } = new EventHistory().task().activity('charge-secretly').completed();
const HISTORY = wholeRead(WholeHistory.ofEvents(EVENTS));
const CLOSED = aClosedExecution({
  workflowId: 'order-of-nobody',
  closeTime: '2026-10-01T12:00:00.000Z',
  historyLength: EVENTS.length,
});

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await temporaryFolder('history-store');
  folder = join(parent, 'histories');
});
afterEach(() => removeFolder(parent));

const open = ({
  passphrase = PASSPHRASE,
  server = SERVER,
}: { passphrase?: string; server?: string[] } = {}): Promise<HistoryStore> =>
  HistoryStore.open({ folder, passphrase }, server, (bytes) => wholeRead(WholeHistory.of(bytes)));

async function filled(execution: Execution = CLOSED, requests = 1): Promise<HistoryStore> {
  const store = await open();
  await store.keep(execution, HISTORY, requests);
  return store;
}

const entries = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => /^[0-9a-f]{64}$/u.test(name));

async function entry(): Promise<string> {
  const [name = ''] = await entries();
  return join(folder, name);
}

describe('what is kept', () => {
  test('is there for the next run, whole', async () => {
    await filled();
    const next = await open();
    const found = await next.find(CLOSED);
    expect(found?.bytes()).toEqual(HISTORY.bytes());
    expect(found?.eventCount).toBe(EVENTS.length);
    expect(next.use).toEqual({ reused: 0, unusable: 0 });
  });

  test('shows nothing of itself to who reads the folder, which nobody else on the machine can', async () => {
    await filled();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await entries()).toHaveLength(1);
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(`${name} ${await readFile(path, 'latin1')}`).not.toMatch(
        /order|charge|default|temporal/u,
      );
    }
  });

  test.each<[string, Partial<Execution>]>([
    ['another execution', { workflowId: 'order-of-somebody' }],
    ['another run', { runId: 'another-run' }],
    ['another length', { historyLength: EVENTS.length + 1 }],
    ['another end', { status: 'Failed' }],
    ['another time of its end', { closeTime: '2026-10-01T12:00:00.001Z' }],
    ['one that runs', { status: 'Running' }],
  ])('is nothing for %s', async (_, changes) => {
    const store = await filled();
    expect(await store.find({ ...CLOSED, ...changes })).toBeUndefined();
    expect(store.use.unusable).toBe(0);
  });

  test.each([
    ['address', ['localhost:7233', 'cluster-1', 'default']],
    ['cluster', ['temporal.test:7233', 'cluster-2', 'default']],
    ['namespace', ['temporal.test:7233', 'cluster-1', 'orders']],
  ])('is nothing for a server of another %s', async (_, server) => {
    await filled();
    expect(await (await open({ server })).find(CLOSED)).toBeUndefined();
  });
});

describe('what is not kept', () => {
  test.each<[string, Execution, number, number]>([
    ['one that closed, whatever it took', CLOSED, 1, 1],
    ['one that runs, where it takes as much to ask whether it has grown', anExecution(), 1, 0],
    ['one that runs, where it takes more', anExecution(), 2, 1],
    ['one whose length is not as listed', { ...CLOSED, historyLength: 3 }, 1, 0],
    ['one whose end is not listed', aClosedExecution({ historyLength: EVENTS.length }), 1, 0],
    [
      'one whose length is not listed',
      aClosedExecution({ closeTime: CLOSED.closeTime ?? '' }),
      1,
      0,
    ],
  ])('%s', async (_, execution, requests, kept) => {
    await filled(execution, requests);
    expect(await entries()).toHaveLength(kept);
  });
});

describe('an entry that is not as it was', () => {
  const spoilt = async (): Promise<HistoryStore> => {
    const store = await open();
    expect(await store.find(CLOSED)).toBeUndefined();
    expect(store.use).toEqual({ reused: 0, unusable: 1 });
    return store;
  };

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['cut off', (bytes) => bytes.subarray(0, -1)],
    ['empty', () => Buffer.alloc(0)],
    ['changed in one bit', (bytes) => (bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40), bytes)],
    ['of another version', (bytes) => (bytes.writeUInt8(2, 4), bytes)],
    ['something else', () => Buffer.from('{"events":[]}')],
  ])('is not used when it is %s, and gives way to what is read anew', async (_, spoil) => {
    await filled();
    const path = await entry();
    await writeFile(path, spoil(await readFile(path)));
    const store = await spoilt();
    await store.keep(CLOSED, HISTORY, 1);
    expect((await (await open()).find(CLOSED))?.eventCount).toBe(EVENTS.length);
  });

  test('is not used in the place of another', async () => {
    const other = { ...CLOSED, runId: 'another-run' };
    await filled(other);
    const foreign = await readFile(await entry());
    const store = await open();
    await store.keep(CLOSED, HISTORY, 1);
    for (const name of await entries()) await writeFile(join(folder, name), foreign);
    await spoilt();
  });

  test('is not followed where it is a link, and not waited for where it is a pipe', async () => {
    await filled();
    const path = await entry();
    const elsewhere = join(parent, 'elsewhere');
    await writeFile(elsewhere, await readFile(path));
    await removeFolder(path);
    await symlink(elsewhere, path);
    const store = await spoilt();
    // What is written goes into the folder and not where a link leads.
    await symlink(elsewhere, path);
    await writeFile(elsewhere, 'untouched');
    await store.keep(CLOSED, HISTORY, 1);
    expect(await readFile(elsewhere, 'utf8')).toBe('untouched');
    await removeFolder(path);
    execFileSync('mkfifo', [path]);
    await spoilt();
    await mkdir(path);
    await spoilt();
  });
});

test('a store of another passphrase begins anew, and says so once', async () => {
  await filled();
  const other = await open({ passphrase: 'another passphrase of tests' });
  expect(await other.find(CLOSED)).toBeUndefined();
  expect(other.use).toEqual({ reused: 0, unusable: 1 });
  await other.keep(CLOSED, HISTORY, 1);
  const next = await open({ passphrase: 'another passphrase of tests' });
  expect((await next.find(CLOSED))?.eventCount).toBe(EVENTS.length);
  expect(next.use).toEqual({ reused: 0, unusable: 0 });
});

test.each(['', 'too short', 'x'.repeat(53)])(
  'a key file that is damaged begins it anew: %j',
  async (key) => {
    await filled();
    await writeFile(join(folder, 'key'), key);
    const store = await open();
    expect(store.use.unusable).toBe(1);
    expect(await store.find(CLOSED)).toBeUndefined();
  },
);

test('a store of another version begins anew, and leaves nothing of that', async () => {
  await filled();
  const key = await readFile(join(folder, 'key'));
  key.writeUInt8(1, 4);
  await writeFile(join(folder, 'key'), key);
  const store = await open();
  expect(store.use.unusable).toBe(1);
  expect(await entries()).toEqual([]);
  await store.keep(CLOSED, HISTORY, 1);
  expect((await (await open()).find(CLOSED))?.eventCount).toBe(EVENTS.length);
});

test('a folder that cannot be made, or not be written to, costs reads and no more', async () => {
  await writeFile(folder, 'a file stands here');
  const none = await open();
  await none.keep(CLOSED, HISTORY, 1);
  expect(await none.find(CLOSED)).toBeUndefined();
  await none.close();
  expect(none.use).toEqual({ reused: 0, unusable: 0, failure: 'EEXIST' });
});

test('a disk that is full is told once, and what was kept before stays', async () => {
  const store = await filled();
  await removeFolder(folder);
  await store.keep({ ...CLOSED, runId: 'another-run' }, HISTORY, 1);
  expect(store.use.failure).toBe('ENOENT');
});

test('what was of no use for longest goes first, and what a run left unfinished goes too', async () => {
  const store = await open();
  const runs = ['one', 'two', 'three'].map((runId) => ({ ...CLOSED, runId }));
  for (const [index, run] of runs.entries()) {
    const known = new Set(await entries());
    await store.keep(run, HISTORY, 1);
    const [name = ''] = (await entries()).filter((one) => !known.has(one));
    await utimes(join(folder, name), 1_000 + index, 1_000 + index);
  }
  await writeFile(join(folder, `${'a'.repeat(64)}.x.partial`), '');
  await utimes(join(folder, `${'a'.repeat(64)}.x.partial`), 1, 1);
  await writeFile(join(folder, 'of-somebody-else'), '');
  // The oldest was of use just now.
  await store.find(runs[0] as Execution);
  const { size } = await stat(await entry());
  await (await StoreFolder.open(folder)).prune(2 * size + size / 2, 100);
  expect(await store.find(runs[0] as Execution)).toBeDefined();
  expect(await store.find(runs[1] as Execution)).toBeUndefined();
  expect(await store.find(runs[2] as Execution)).toBeDefined();
  await (await StoreFolder.open(folder)).prune(100 * size, 1);
  expect((await readdir(folder)).length).toBe(3);
  expect(await readdir(folder)).toContain('of-somebody-else');
});

test('a folder that others could read is closed to them', async () => {
  await mkdir(folder);
  await chmod(folder, 0o755);
  await open();
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});
