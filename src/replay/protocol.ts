import { z } from 'zod';
import { MAX_CARRIED_FIELDS, MAX_CARRIED_NAME, MAX_CARRIED_TEXT } from './carried.js';

/**
 * The replayer protocol, version 1: one JSON object on each line, both ways. A replayer shares nothing else
 * with the rest. docs/replayer-protocol.md describes it for authors of replayers.
 */
export const PROTOCOL_VERSION = 1;

/** A replay process gets at most this many histories at a time. */
export const MAX_IN_HAND = 64;

const startOptions = z.object({
  /**
   * Options for the replay worker: for TypeScript the absolute path of a module, for another language the
   * input's text.
   */
  module: z.string().optional(),
  /** Absolute path of a private folder that all replayer processes of one run share. */
  scratch: z.string(),
  /** False switches off whatever only makes replay faster. Outcomes must be the same. */
  accelerate: z.boolean(),
  /** Whether a `reach` message will follow: lines must be counted from the start. */
  reach: z.boolean().optional(),
});

/** First message to a replayer. */
const startMessage = z.object({
  type: z.literal('start'),
  protocol: z.literal(PROTOCOL_VERSION),
  /** Where the workflows are, as the input says; absent: the language's usual places. */
  workflows: z.string().optional(),
  options: startOptions,
  namespace: z.string(),
  /**
   * The form of the histories that it will be given, by the name of their engine's message. A replayer may answer
   * one that it cannot read with `fatal`.
   */
  historyFormat: z.string().optional(),
});

/** Asks for one history to be replayed. */
const replayMessage = z.object({
  type: z.literal('replay'),
  id: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  workflowType: z.string(),
  taskQueue: z.string(),
  /** Whether the result must have the commands that the code issues, with their lines. */
  record: z.boolean(),
  /** Base64 of the history in the form that `historyFormat` names. */
  history: z.string(),
});

/** Asks which lines have run since the start. Sent only to a replayer that counts them. */
const reachMessage = z.object({ type: z.literal('reach') });

const endMessage = z.object({ type: z.literal('end') });

/** Messages of the parent. They are our own, so nobody checks them. */
export const toReplayer = z.discriminatedUnion('type', [
  startMessage,
  replayMessage,
  reachMessage,
  endMessage,
]);

export type StartMessage = z.output<typeof startMessage>;
export type ReplayMessage = z.output<typeof replayMessage>;
export type MessageToReplayer = z.output<typeof toReplayer>;

const line = {
  file: z.string().optional(),
  line: z.number().int().positive().optional(),
  column: z.number().int().positive().optional(),
};

/** The callers of a line that are looked at. A replayer sends no more. */
export const MAX_CALLERS = 16;

const frame = {
  ...line,
  /** The application's further frames on the same stack, from the caller of this line outwards. */
  callers: z
    .array(z.object(line))
    .transform((callers) => callers.slice(0, MAX_CALLERS))
    .readonly()
    .optional()
    .catch(undefined),
};

/** What discovery did not look into, or could not read. Cut short: the code under test chooses its length. */
const skippedSource = z.object({ what: words(500), why: words(1_000) });

function words(longest: number) {
  return z.string().transform((text) => text.slice(0, longest));
}

const readyMessage = z.object({
  type: z.literal('ready'),
  language: z.string(),
  sdk: z.object({ name: z.string(), version: z.string() }),
  /** Workflow types that the code registers; absent where the replayer cannot tell. */
  workflowTypes: z.array(z.string()).optional(),
  /** Whether the code also accepts workflow types that it does not name. */
  dynamic: z.boolean().optional(),
  /** From where it took the workflows, where it had a choice, and what decided. */
  taken: z.object({ what: words(500), because: words(500) }).optional(),
  /**
   * What may hold workflows and was not loaded: files, classes or folders, each with the reason. A type that is not
   * registered may be there, so its absence is no break.
   */
  skipped: z.array(skippedSource).max(1_000).optional(),
  /** Absolute paths of the files that define workflows; absent where the replayer cannot tell. */
  sources: z.array(z.string()).max(10_000).optional(),
  /** Whether it counts which lines have run. */
  reach: z.boolean().optional(),
  /** How many histories it takes at a time; absent: one. Their results may come in any order. */
  concurrency: z.number().int().min(1).max(MAX_IN_HAND).optional(),
  /**
   * Whether the code holds what chance can order or choose, such as sets: nothing, something that may differ from
   * replay to replay, or something that may differ from process to process only. Absent where it cannot tell.
   */
  chance: z.enum(['none', 'replay', 'process']).optional(),
});

const carriedName = z.string().max(MAX_CARRIED_NAME);

/** The code under test chooses these values: values beyond these bounds are dropped, and the run goes on. */
const carried = z
  .object({
    values: z.record(
      carriedName,
      z.union([z.string().max(MAX_CARRIED_TEXT), z.number(), z.boolean()]),
    ),
    digests: z.record(carriedName, z.string().regex(/^[^:]{0,100}:[0-9a-f]{32}$/u)),
  })
  .refine(
    ({ values, digests }) =>
      Object.keys(values).length + Object.keys(digests).length <= MAX_CARRIED_FIELDS,
  )
  .optional()
  .catch(undefined);

const recordedCommand = z.object({
  /** The command's kind in Temporal's words, as in `COMMANDS`. */
  command: z.string(),
  /** Activity type, child workflow type, patch ID and so on; empty where there is none. */
  name: z.string(),
  id: z.string().optional(),
  /** Event ID of the start of the workflow task in which the command was issued. */
  historyLength: z.number().int().nonnegative(),
  ...frame,
  /** Withdrawn before it was sent, so history can never hold it. */
  elided: z.boolean().optional(),
  /** Its arguments and options; see `CarriedFields`. */
  carries: carried,
});

const recordedPatch = z.object({
  id: z.string(),
  answer: z.boolean(),
  /** Asked for by `deprecatePatch`, or what the language has for it. */
  deprecated: z.boolean().optional(),
  ...frame,
});

/** A place where the code waited for a condition. */
const recordedWait = z.object({
  /** Event ID of the start of the workflow task in which the wait began. */
  historyLength: z.number().int().nonnegative(),
  /** Whether the wait came to its end. Without it, the code was still waiting when the replay ended. */
  over: z.boolean().optional(),
  ...frame,
});

/** What history holds and the code did not get, because it could not be decoded. */
const undecodedPayload = z.object({
  /** What it belongs to: the workflow's, a signal's or an update's input, the result of a command, or anything else. */
  of: z.enum(['workflow', 'signal', 'update', 'result', 'other']),
  /** Name of the signal, the update, or what gave the result; else empty. */
  name: z.string(),
  /** Which argument, from 1. */
  argument: z.number().int().positive().optional(),
  /** The innermost reason. It must hold nothing of the payload. */
  reason: z.string(),
  /** Event ID of the start of the workflow task in which the code needed it. */
  historyLength: z.number().int().nonnegative(),
  ...frame,
});

/** An error that ended a part of the code which runs beside the rest, and that no code has asked for. */
const unobservedError = z.object({
  message: z.string(),
  /** Event ID of the start of the workflow task in which it was thrown. */
  historyLength: z.number().int().nonnegative(),
  ...frame,
});

/** A handler that the code had set when the replay ended. */
const recordedHandler = z.object({
  kind: z.enum(['signal', 'update']),
  name: z.string(),
  ...frame,
});

const resultMessage = z.object({
  type: z.literal('result'),
  id: z.string(),
  outcome: z.enum(['passed', 'nondeterministic', 'task-failed', 'errored']),
  message: z.string().optional(),
  durationMs: z.number().nonnegative().optional(),
  /** Where the code under test threw, for `task-failed`. */
  ...frame,
  commands: z.array(recordedCommand).optional(),
  patches: z.array(recordedPatch).optional(),
  waits: z.array(recordedWait).optional(),
  handlers: z.array(recordedHandler).optional(),
  /** Names of signals that no handler had taken when the replay ended, in the order of arrival. */
  unhandledSignals: z.array(z.string()).optional(),
  /** For `task-failed` the last one is why; else they were dropped, or the code went on without them. */
  undecoded: z.array(undecodedPayload).max(1_000).optional(),
  unobserved: z.array(unobservedError).max(1_000).optional(),
  /** Where the function or method of the workflow is declared. */
  definition: z.object(line).optional(),
});

const lineNumbers = z.array(z.number().int().positive()).max(1_000_000);

const reachedMessage = z.object({
  type: z.literal('reached'),
  files: z
    .array(
      z.object({
        /** Absolute path. */
        file: z.string(),
        /** Lines with code that has run. */
        reached: lineNumbers,
        /** Lines with code that has not. */
        unreached: lineNumbers,
      }),
    )
    .max(100_000),
});

const fatalMessage = z.object({
  type: z.literal('fatal'),
  message: z.string(),
  hint: z.string().optional(),
});

/** Messages of a replayer: untrusted, see `parseFromReplayer`. */
export const fromReplayer = z.discriminatedUnion('type', [
  readyMessage,
  resultMessage,
  reachedMessage,
  fatalMessage,
]);

export type ReadyMessage = z.output<typeof readyMessage>;
export type ResultMessage = z.output<typeof resultMessage>;
export type ReachedMessage = z.output<typeof reachedMessage>;
export type SkippedSource = z.output<typeof skippedSource>;
export type ReachedFile = ReachedMessage['files'][number];
export type FatalMessage = z.output<typeof fatalMessage>;
export type RecordedCommand = z.output<typeof recordedCommand>;
export type RecordedPatch = z.output<typeof recordedPatch>;
export type RecordedWait = z.output<typeof recordedWait>;
export type RecordedHandler = z.output<typeof recordedHandler>;
export type UndecodedPayload = z.output<typeof undecodedPayload>;
export type UnobservedError = z.output<typeof unobservedError>;
export type MessageFromReplayer = z.output<typeof fromReplayer>;

/**
 * Reads one line from a replayer. The code under test shares that process, so the line is untrusted:
 * unknown fields are dropped, and a line that is no message of the protocol is an error.
 *
 * @returns the message, or a sentence that says what is wrong with the line
 */
export function parseFromReplayer(line: string): MessageFromReplayer | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return `a line that is not JSON: ${line.slice(0, 200)}`;
  }
  const result = fromReplayer.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  return `a line that is no message of the protocol (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`;
}
