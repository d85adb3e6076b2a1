import { redactProven } from '../corpus/redact-proven.js';
import type { RecordParts } from '../corpus/record.js';
import type { SubjectParts } from '../gate/parts.js';
import type { HistoryRead } from '../model/history.js';
import { once } from '../pipeline/once.js';
import { leftOut } from '../replay/left-out.js';
import { replayHistories, type JudgedRead } from '../replay/replay-histories.js';
import { ENGINES } from './engines.js';
import { clockParts, historyParts } from './gate-parts.js';
import { replayParts, type ReplayPartsOptions } from './replay-parts.js';

export interface RecordPartsOptions extends ReplayPartsOptions {
  readonly readSubject: SubjectParts['readSubject'];
  /** Contents that stay where others are replaced; absent: all stay. To replace some, the code is replayed. */
  readonly redactsBut: readonly string[] | undefined;
  readonly write: (name: string, text: string) => Promise<void>;
  readonly progress: (done: number, of: number) => void;
}

/** What recording needs, on a real machine. */
export function recordParts(options: RecordPartsOptions): RecordParts & { close(): Promise<void> } {
  const { settings, cancelled, readSubject, progress } = options;
  const { files, reader } = ENGINES[settings.engine];
  const histories = historyParts(settings, cancelled);
  const { redactsBut } = options;
  const replays = redactsBut === undefined ? undefined : replayParts(options);
  const replayers = once(() => replays?.startReplayers({ reach: false }));
  const replay = async (reads: readonly HistoryRead[]): Promise<readonly JudgedRead[]> => {
    const pool = replayers();
    if (pool === undefined) throw new Error('no code to replay');
    const { language, sdkVersion, skipped } = await pool.ready();
    pool.setWork(reads.length);
    const judged: JudgedRead[] = [];
    await replayHistories(
      each(reads),
      pool,
      {
        historyTimeoutMs: settings.budget.historyTimeoutMs,
        stop: cancelled,
        language,
        sdkVersion,
        languageOf: reader.languageOf,
        ...leftOut(skipped, reader.isUnregisteredType),
      },
      (one) => judged.push(one),
    );
    // Half of the results would look like histories that could not be judged.
    cancelled.throwIfAborted();
    return judged;
  };
  return {
    ...clockParts(cancelled),
    readSubject,
    ...histories,
    ...(redactsBut === undefined
      ? {}
      : {
          redact: (reads) =>
            redactProven(reads, {
              redact: (bytes, key) => files.redact(bytes, key, redactsBut),
              prepare: ({ execution }, bytes) => histories.prepare(execution, bytes),
              replay,
              reader,
            }),
        }),
    write: (name, execution, bytes) => options.write(name, files.textOf(bytes, execution)),
    progress,
    close: async () => {
      await replays?.close();
      await histories.close();
    },
  };
}

async function* each(reads: readonly HistoryRead[]): AsyncGenerator<HistoryRead> {
  for (const read of reads) yield await Promise.resolve(read);
}
