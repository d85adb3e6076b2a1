import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import type { Proof } from '../model/proof.js';
import type { TaskCompletion } from '../engine/recorded-history.js';
import type { DiagnosedFinding } from '../diagnosis/failure.js';
import type { Roots } from '../diagnosis/root.js';
import type { PatchRecord } from '../diagnosis/patches.js';
import { CAUSES } from '../model/cause.js';
import type { Drift, DriftFound } from '../model/drift.js';
import type { Divergence } from '../model/finding.js';
import type { SourceLocation } from '../model/source-location.js';
import { ISOLATION_RUNGS, type Isolation } from '../model/isolation.js';
import type { ChangedLine } from '../model/reach.js';
import { OUTCOME_KINDS } from '../model/outcome.js';
import type { BaselineDescription } from '../model/report.js';
import type { Skipped } from '../model/skipped.js';
import type { TimelineRow } from '../model/timeline.js';
import { truncate } from '../untrusted/readable.js';
import {
  commitSchema,
  MAX_TEXT,
  name,
  problemSchema,
  replayerFields,
  replayerSchema,
  schemaOf,
  text,
  type Stored,
} from './model-schemas.js';
import type { Shard } from '../model/shard.js';

export const RESULT_VERSION = 3;

/** The most bytes of a result, in the file and decompressed. */
export const MAX_RESULT_FILE_BYTES = 64 * 1024 * 1024;
const MAX_BYTES = 512 * 1024 * 1024;

/** More than any run has. With these, nothing in a result is without a bound. */
const MAX_READS = 1_000_000;
const MAX_FINDINGS = 100_000;
const MAX_ROWS = 10_000;
const MAX_NOTES = 1_000;

const read = z
  .number()
  .int()
  .nonnegative()
  .max(MAX_READS - 1);

/** A place in the repository. GitHub shows no annotation elsewhere, and a link could lead anywhere. */
const file = name.refine((path) => !/^[/\\]|(?:^|[/\\])\.\.(?:[/\\]|$)|^[a-z]+:/iu.test(path), {
  error: 'a path inside the repository',
});

const location = schemaOf<SourceLocation>()(
  z.strictObject({
    file,
    line: z.number().int().positive(),
    column: z.number().int().positive().exactOptional(),
  }),
);

const eventId = z.number().int().nonnegative();
const event = z.strictObject({ eventId, type: name, words: text });

const located = { location: location.exactOptional(), helper: location.exactOptional() };

const apart = z.strictObject({ by: z.enum(['id', 'length']), history: text, code: text });

const divergence = schemaOf<Divergence>()(
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('differs'),
      event,
      command: text,
      apart: apart.exactOptional(),
      ...located,
    }),
    z.strictObject({
      kind: z.literal('missing-command'),
      event,
      lastAgreeing: text.exactOptional(),
      ...located,
    }),
    z.strictObject({
      kind: z.literal('extra-command'),
      command: text,
      ...located,
      taskStartedEventId: eventId,
      next: event.exactOptional(),
    }),
    z.strictObject({ kind: z.literal('threw'), ...located }),
    z.strictObject({
      kind: z.literal('unlocated'),
      event: event.exactOptional(),
      location: location.exactOptional(),
    }),
  ]),
);

const cell = z.strictObject({
  words: text,
  location: location.exactOptional(),
  source: text.exactOptional(),
});

const timelineRow = schemaOf<TimelineRow>()(
  z.strictObject({
    agrees: z.boolean(),
    eventId: eventId.exactOptional(),
    history: text.exactOptional(),
    code: cell.exactOptional(),
    baseline: cell.exactOptional(),
  }),
);

const taskCompletion = schemaOf<TaskCompletion>()(
  z.strictObject({
    buildId: name.exactOptional(),
    completedTime: name.exactOptional(),
    closes: z.literal(true).exactOptional(),
  }),
);

const roots = schemaOf<Roots>()(
  z.strictObject({ own: z.array(text).max(MAX_ROWS), maybe: z.array(text).max(MAX_ROWS) }),
);

const codeLines = z.array(text).max(MAX_ROWS);

const proof = schemaOf<Proof>()(
  z.strictObject({
    edits: z
      .array(
        z.strictObject({
          file: text,
          line: z.number().int().positive(),
          before: codeLines.min(1),
          after: codeLines,
        }),
      )
      .min(1)
      .max(MAX_ROWS),
    diff: text,
    failing: z.number().int().positive().max(MAX_READS),
    passing: z.number().int().nonnegative().max(MAX_READS),
  }),
);

const findingFields = schemaOf<
  Omit<DiagnosedFinding, 'executions' | 'divergingTasks' | 'example'>
>()(
  z.strictObject({
    key: text,
    roots,
    patch: text.exactOptional(),
    lines: z
      .strictObject({ code: text.exactOptional(), baseline: text.exactOptional() })
      .exactOptional(),
    fix: z.strictObject({ language: name, code: text }).exactOptional(),
    proof: proof.exactOptional(),
    editsTried: z.number().int().positive().max(MAX_ROWS).exactOptional(),
    outcome: z.enum(['nondeterministic', 'task-failed']),
    workflowType: name,
    cause: z.enum(CAUSES),
    divergence,
    headline: text,
    remedy: text,
    timeline: z.array(timelineRow).max(MAX_ROWS),
    passed: z.array(name).max(MAX_NOTES),
    baseline: z
      .strictObject({
        relation: z.enum(['introduced', 'pre-existing', 'fails-otherwise', 'not-compared']),
        words: text,
        location: location.exactOptional(),
      })
      .exactOptional(),
  }),
);

const finding = findingFields.extend({
  /** Each execution with its diverging workflow task. */
  executions: z
    .array(z.strictObject({ read, task: taskCompletion }))
    .min(1)
    .max(MAX_READS),
  example: z.strictObject({ read, isRecorded: z.boolean() }),
});

const patchRecord = schemaOf<PatchRecord>()(
  z.strictObject({
    workflowType: name,
    patches: z
      .array(
        z.strictObject({ id: name, deprecated: z.boolean(), location: location.exactOptional() }),
      )
      .max(MAX_ROWS),
  }),
);

const count = z.number().int().nonnegative().max(MAX_READS);

const driftFound = schemaOf<DriftFound>()(
  z.strictObject({
    differences: z
      .array(
        schemaOf<Drift>()(
          z.strictObject({
            kind: z.enum(['field', 'command']),
            workflowTypes: z.array(name).max(MAX_ROWS),
            command: text,
            field: text.exactOptional(),
            history: text.exactOptional(),
            code: text.exactOptional(),
            held: z.enum(['by-both', 'by-history', 'by-code']).exactOptional(),
            location: location.exactOptional(),
            executions: count,
            running: count,
            basis: z.enum(['differs-from-baseline', 'several-executions', 'one-execution']),
          }),
        ),
      )
      .max(MAX_FINDINGS),
    compared: count,
    chosen: count,
    baseline: z.boolean(),
    undecoded: z.array(name).max(MAX_ROWS),
  }),
);

const isolation = schemaOf<Isolation>()(
  z.strictObject({
    rung: z.enum(ISOLATION_RUNGS),
    sealed: z.boolean(),
    root: z.boolean(),
  }),
);

const resultOfCheck = z.strictObject({
  /** The claimed build ID; null where there was nothing to replay. */
  claim: name.nullable(),
  replayer: z
    .strictObject({
      ...replayerFields,
      /** Null where the replayer cannot tell. */
      workflowTypes: z.array(name).max(MAX_ROWS).nullable(),
      takesAnyType: z.literal(true).exactOptional(),
      skipped: z
        .array(schemaOf<Skipped>()(z.strictObject({ what: text, why: text })))
        .max(MAX_ROWS)
        .exactOptional(),
      isolation: isolation.exactOptional(),
    })
    .exactOptional(),
  baseline: schemaOf<BaselineDescription>()(
    z.strictObject({ commit: commitSchema, replayer: replayerSchema.exactOptional() }),
  ).exactOptional(),
  outcomes: z
    .array(
      z.strictObject({
        read,
        kind: z.enum(OUTCOME_KINDS),
        message: text.exactOptional(),
        durationMs: z.number().nonnegative().exactOptional(),
      }),
    )
    .max(MAX_READS),
  causes: z.array(finding).max(MAX_FINDINGS),
  patchRecords: z.array(patchRecord).max(MAX_FINDINGS).exactOptional(),
  driftFound: z.array(driftFound).max(1),
  changedLines: z
    .array(
      schemaOf<ChangedLine>()(
        z.strictObject({
          file,
          line: z.number().int().positive(),
          status: z.enum(['run', 'not-run', 'no-code']),
        }),
      ),
    )
    .max(MAX_READS)
    .exactOptional(),
  notes: z.array(text).max(MAX_NOTES),
  problem: problemSchema.exactOptional(),
  cancelled: z.boolean(),
});

/**
 * The file that a replay job writes. The report job reads it as hostile, because the code under test may have
 * written it. Executions are named by their position in the container's reads, so a result can only name
 * executions that were to be replayed.
 */
const resultFile = z.strictObject({
  version: z.literal(RESULT_VERSION),
  /** Digest of the container, in hexadecimal. */
  container: z.string().regex(/^[0-9a-f]{64}$/u),
  shard: schemaOf<Shard>()(
    z.strictObject({
      index: z.number().int().positive().max(1_000),
      of: z.number().int().positive().max(1_000),
    }),
  ),
  /** HEAD of the checkout; null outside a repository. */
  commit: commitSchema.nullable(),
  /** As many as the container has. */
  checks: z.array(resultOfCheck).max(1_000),
});

export type ResultFile = Stored<typeof resultFile>;
export type ResultOfCheck = Stored<typeof resultOfCheck>;
export type StoredFinding = Stored<typeof finding>;

export async function encodeResult(result: ResultFile): Promise<Buffer> {
  return promisify(gzip)(JSON.stringify(result, cut));
}

/** Cuts texts that a reader would refuse for their length. */
function cut(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? truncate(value, MAX_TEXT) : value;
}

/** @returns the result, or a sentence that says what is wrong with the file */
export async function decodeResult(bytes: Buffer): Promise<ResultFile | string> {
  if (bytes.length > MAX_RESULT_FILE_BYTES) return `it has ${bytes.length} bytes`;
  let value: unknown;
  try {
    const json = await promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES });
    value = JSON.parse(json.toString('utf8'));
  } catch {
    return 'it is no compressed JSON';
  }
  const parsed = resultFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return `it is no result (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`.slice(0, 300);
}
