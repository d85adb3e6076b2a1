import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { HistoryMessage, type IHistory } from '../../src/temporal/history/proto.js';
import { cached } from '../../testing/cache.js';
import type { ApplicationRun, ExampleApplication } from '../../testing/example-application.js';
import { startDevServer } from '../../testing/temporal-server.js';
import { withWorker } from '../orders-worker.js';

/** How histories of an example application are recorded, once. */
export interface Recording {
  /** Name in the cache: another one where something else is recorded. */
  readonly name: string;
  readonly taskQueue: string;
  readonly compile: () => Promise<ExampleApplication>;
  /** Histories by name. */
  readonly record: (
    client: Client,
    application: ExampleApplication,
    run: ApplicationRun,
  ) => AsyncIterable<readonly [name: string, history: IHistory]>;
}

/** `count` histories: those that a real server recorded, over and over, each varied. */
export async function repeated<T>(
  recording: Recording,
  count: number,
  varied: (recorded: Buffer, number: number) => T,
): Promise<T[]> {
  const folder = await cached(recording.name, (to) => recordInto(to, recording));
  const files = (await readdir(folder)).sort();
  const recorded = await Promise.all(files.map((file) => readFile(join(folder, file))));
  return Array.from({ length: count }, (_, number) => {
    const history = recorded[number % recorded.length];
    if (history === undefined) throw new Error('nothing was recorded');
    return varied(history, number);
  });
}

async function recordInto(
  folder: string,
  { taskQueue, compile, record }: Recording,
): Promise<void> {
  const server = await startDevServer();
  const run = { server, taskQueue };
  try {
    await withWorker(compile, run, async (client, application) => {
      await mkdir(folder, { recursive: true });
      for await (const [name, history] of record(client, application, run)) {
        await writeFile(join(folder, `${name}.bin`), HistoryMessage.encode(history).finish());
      }
    });
  } finally {
    await server.stop();
  }
}
