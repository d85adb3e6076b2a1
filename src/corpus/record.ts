import { fetch } from '../gate/fetch-stage.js';
import type { FetchParts, GateSettings } from '../gate/parts.js';
import type { Execution } from '../model/execution.js';
import type { HistoryRead } from '../model/history.js';
import { UserError } from '../model/user-error.js';
import { chooseReplays } from '../pipeline/choose-replays.js';
import { ReplayChoice } from '../selection/replay-choice.js';
import { fileName } from './file-name.js';
import { inBatches } from './in-batches.js';
import type { WholeRead } from './whole-read.js';

/** What recording needs of the world. */
export interface RecordParts extends FetchParts {
  /** The executions' histories, whole: `history` is what a replay of them sees, but for its bytes. */
  readWhole(executions: readonly Execution[], stop: AbortSignal): AsyncIterable<HistoryRead>;
  /**
   * Other contents in the place of theirs, in their order. Absent: payloads are kept.
   *
   * @throws UserError that names those which cannot be redacted
   */
  redact?(reads: readonly WholeRead[]): Promise<Uint8Array[]>;
  /** A history as the content of a file. */
  write(name: string, execution: Execution, bytes: Uint8Array): Promise<void>;
  progress(done: number, of: number): void;
}

export interface Recorded {
  /** Execution's types, each with how many histories and shapes were saved. */
  readonly types: readonly {
    readonly workflowType: string;
    readonly histories: number;
    readonly shapes: number;
  }[];
  readonly matched: number;
  /** Executions that were read and left out, because there is nothing in them to replay, or they cannot be read. */
  readonly leftOut: number;
  readonly warnings: readonly string[];
}

/**
 * Saves histories, those first that took other ways through the code than all before.
 *
 * @throws UserError where nothing was found, or nothing can be saved
 */
export async function record(settings: GateSettings, parts: RecordParts): Promise<Recorded> {
  const { fetched, plan } = await fetch(settings, parts, () => Promise.resolve(undefined));
  if (fetched.bug !== undefined) throw fetched.bug as Error;
  if (fetched.problem !== undefined) throw new UserError(fetched.problem);
  parts.cancelled.throwIfAborted();
  if (plan === undefined || plan.reads.length === 0) throw nothingFound(fetched);
  const warnings = [...fetched.notes];
  if (fetched.listing.truncated) warnings.push('There are more executions than were listed.');
  const shapes = new Map<string, { histories: number; shapes: Set<string> }>();
  const expected = Math.min(plan.maxReplays, plan.reads.length);
  let saved = 0;
  let leftOut = 0;
  const stop = parts.cancelled;
  const reads = chooseReplays(parts.readWhole(plan.reads, stop), new ReplayChoice(plan), stop);
  const usable = (async function* () {
    for await (const read of reads) {
      if (read.kind === 'read' && read.history.completedTasks > 0) yield read;
      else leftOut += 1;
    }
  })();
  for await (const batch of inBatches(usable)) {
    const contents = (await parts.redact?.(batch)) ?? batch.map(({ history }) => history.bytes);
    for (const [index, { execution, history }] of batch.entries()) {
      const { workflowType } = execution;
      saved += 1;
      await parts.write(fileName(saved, execution), execution, contents[index] ?? history.bytes);
      const known = shapes.get(workflowType) ?? { histories: 0, shapes: new Set() };
      known.histories += 1;
      known.shapes.add(history.shape);
      shapes.set(workflowType, known);
    }
    parts.progress(saved, expected);
  }
  parts.cancelled.throwIfAborted();
  if (saved === 0) {
    throw new UserError({
      found: `None of ${leftOut} executions has a history with anything to replay`,
      expected: 'executions that have completed a workflow task',
      fix: 'run record again when workers have worked on them',
    });
  }
  return {
    types: [...shapes]
      .map(([workflowType, one]) => ({
        workflowType,
        histories: one.histories,
        shapes: one.shapes.size,
      }))
      .toSorted((a, b) => a.workflowType.localeCompare(b.workflowType)),
    matched: fetched.listing.executions.length,
    leftOut,
    warnings,
  };
}

type Fetched = Awaited<ReturnType<typeof fetch>>['fetched'];

function nothingFound({ claim, unknownBuild, noMatch }: Fetched): UserError {
  if (claim?.kind !== 'claimed') {
    return new UserError({
      found: 'The title claims no build ID, so nothing says which executions are meant',
      expected: 'a title with a claim, --build-id, or neither for every execution',
      fix: 'correct --title, or remove it',
    });
  }
  const why = noMatch !== undefined && 'explanation' in noMatch ? noMatch.explanation : undefined;
  return new UserError({
    found: unknownBuild ?? why ?? 'No execution that has begun matches',
    expected: 'executions to record',
  });
}
