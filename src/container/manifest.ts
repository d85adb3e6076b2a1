import { z } from 'zod';
import type { Ending } from '../gate/ending.js';
import type { Fetched } from '../gate/fetched.js';
import { DRIFT_POLICIES } from '../model/drift.js';
import type { History } from '../model/history.js';
import type { Policy } from '../model/settings.js';
import type { ReadChangedLines, Subject } from '../model/subject.js';
import { UserError } from '../model/user-error.js';
import type { BlockLength } from './container-header.js';
import {
  claimSchema,
  executionSchema,
  name,
  noMatchSchema,
  problemSchema,
  schemaOf,
  targetSchema,
  text,
  type Stored,
} from './model-schemas.js';

const position = z.number().int().nonnegative();

/** A fetch job that was cancelled leaves no container, and a bug is in the log. */
const fetchedSchema = schemaOf<Omit<Fetched, Exclude<keyof Ending, 'notes' | 'problem'>>>()(
  z.strictObject({
    asOf: z.string().max(64),
    claim: claimSchema.exactOptional(),
    pullRequests: z.array(position).exactOptional(),
    removedClaim: text.exactOptional(),
    target: targetSchema.exactOptional(),
    unknownBuild: text.exactOptional(),
    claimable: text.exactOptional(),
    noMatch: noMatchSchema.exactOptional(),
    retentionMs: z.number().positive().exactOptional(),
    listing: z.strictObject({ executions: z.array(executionSchema), truncated: z.boolean() }),
    sample: z.strictObject({ seed: position, positions: z.array(position) }).exactOptional(),
    effort: z
      .strictObject({
        requests: position,
        histories: position,
        store: z
          .strictObject({ reused: position, unusable: position, failure: text.exactOptional() })
          .exactOptional(),
      })
      .exactOptional(),
    notes: z.array(text),
    problem: problemSchema.exactOptional(),
  }),
);

/** How one execution's history was read; `execution` is its position in the listing. */
const readSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('read'),
    execution: position,
    isLeftByReset: z.literal(true).exactOptional(),
    block: schemaOf<BlockLength>()(z.strictObject({ stored: position, raw: position })),
    history: schemaOf<Omit<History, 'bytes'>>()(
      z.strictObject({
        eventCount: position,
        completedTasks: position,
        lastBuildId: name.exactOptional(),
        sdkName: name.exactOptional(),
        sdkVersion: name.exactOptional(),
        shape: name,
      }),
    ),
  }),
  z.strictObject({ kind: z.literal('gone'), execution: position }),
  z.strictObject({ kind: z.literal('unreadable'), execution: position, message: text }),
]);

/** As GitHub tells it: the lines of each file, with their text. */
const changedLinesSchema = z.union([
  z.strictObject({
    files: z.array(
      z.strictObject({
        file: z.string(),
        lines: z.array(z.strictObject({ line: position, text: z.string() })),
      }),
    ),
    untold: z.array(z.string()),
  }),
  z.strictObject({ problem: text }),
]);

const subjectSchema = schemaOf<Pick<Subject, 'title' | 'acceptedCommits'>>()(
  z.strictObject({
    title: text,
    acceptedCommits: z.union([z.array(name), z.literal('any')]),
    /** Which lines are changed; absent where it cannot be asked. */
    changedLines: changedLinesSchema.exactOptional(),
  }),
);

/** What the fetch job knows about resets, before anybody knows what breaks. */
const leftByResetSchema = z.discriminatedUnion('kind', [
  /** Keys of the executions that a reset left behind. */
  z.strictObject({ kind: z.literal('known'), keys: z.array(text) }),
  z.strictObject({ kind: z.literal('not-known'), explanation: text }),
]);

/** What is known about one claim before any code runs. */
const checkSchema = z
  .strictObject({
    /** Absent where the title could not be read. */
    subject: subjectSchema.exactOptional(),
    fetched: fetchedSchema,
    /** Whether the replay jobs have anything to do. */
    isToReplay: z.boolean(),
    /** In the order of replay. */
    reads: z.array(readSchema),
    leftByReset: leftByResetSchema,
  })
  .refine(
    ({ reads, fetched }) => {
      const { length } = fetched.listing.executions;
      const positions = new Set(reads.map(({ execution }) => execution));
      return positions.size === reads.length && [...positions].every((at) => at < length);
    },
    { error: 'each execution of the listing at most once' },
  )
  .refine(
    ({ isToReplay, subject, fetched }) =>
      !isToReplay || (subject !== undefined && fetched.target !== undefined),
    { error: 'a subject and a target, where something is to be replayed' },
  );

/** Everything in a container except the histories themselves. */
const manifestSchema = z.strictObject({
  /** What decides the verdict besides the replays. The fetch job sets it, and no replay job can. */
  policy: schemaOf<Policy>()(
    z
      .strictObject({
        closed: z.enum(['predict', 'fail', 'ignore']),
        closedWindowMs: z.number().positive(),
        onNoClaim: z.enum(['pass', 'fail', 'check', 'advise']),
        onUnknownBuild: z.enum(['fail', 'pass']),
        onNoHistories: z.enum(['fail', 'warn', 'pass']).exactOptional(),
        drift: z.enum(DRIFT_POLICIES),
      })
      .transform(({ onNoHistories, ...policy }) => ({ ...policy, onNoHistories })),
  ),
  replayLimits: z.strictObject({
    timeBudgetMs: z.number().positive(),
    historyTimeoutMs: z.number().positive(),
  }),
  /** Inputs about the title: with them the report job reads the title again as the fetch job did. */
  reading: z.strictObject({
    title: text.exactOptional(),
    claimsBuildId: z.boolean(),
    claimPosition: z.enum(['start', 'after-type']),
  }),
  /** One check, or for a merge group one for each of its claims. */
  checks: z.array(checkSchema).min(1).max(1_000),
});

export type Manifest = Stored<typeof manifestSchema>;
export type FetchedCheck = Stored<typeof checkSchema>;
export type StoredSubject = Stored<typeof subjectSchema>;
export type LeftByReset = Stored<typeof leftByResetSchema>;
export type StoredRead = Stored<typeof readSchema>;
/** The same, before the execution's place in the listing is known. */
export type StoredHistory = WithoutExecution<StoredRead>;
type WithoutExecution<Read> = Read extends unknown ? Omit<Read, 'execution'> : never;
type StoredChangedLines = Stored<typeof changedLinesSchema>;

export function storeChangedLines(read: ReadChangedLines): StoredChangedLines {
  if ('problem' in read) return read;
  const { lines, untold } = read;
  return {
    files: [...lines].map(([file, texts]) => ({
      file,
      lines: [...texts].map(([line, content]) => ({ line, text: content })),
    })),
    untold,
  };
}

export function restoreChangedLines(stored: StoredChangedLines): ReadChangedLines {
  if ('problem' in stored) return stored;
  return {
    lines: new Map(
      stored.files.map(({ file, lines }) => [
        file,
        new Map(lines.map(({ line, text: content }) => [line, content])),
      ]),
    ),
    untold: stored.untold,
  };
}

export function encodeManifest(manifest: Manifest): Buffer {
  return Buffer.from(JSON.stringify(manifest));
}

/** @throws UserError for bytes that no fetch job of this version wrote */
export function decodeManifest(bytes: Buffer): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw foreign('it is no JSON');
  }
  const result = manifestSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw foreign(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 300));
}

function foreign(why: string): UserError {
  return new UserError({
    found: `The container's manifest cannot be used: ${why}`,
    expected: 'what the fetch job of this release writes',
    fix: 'use the same release of this action in all three jobs',
  });
}
