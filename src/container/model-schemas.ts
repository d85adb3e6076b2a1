import { z } from 'zod';
import type { Claim } from '../model/claim.js';
import { EXECUTION_GROUPS, EXECUTION_STATUSES, type Execution } from '../model/execution.js';
import type { NoMatch } from '../model/no-match.js';
import type { Problem, ReplayerDescription } from '../model/report.js';
import type { Target } from '../model/target.js';

/**
 * The nouns of the model as they cross from one job to another. Every text and list has a bound: what
 * comes in was written by another job, and a replay job runs code under test.
 */

/** A schema of that noun: the compiler refuses one that lacks a field of it, or has one that it has not. */
export function schemaOf<Noun>() {
  return <Schema extends z.ZodType<Noun>>(
    schema: Schema & ([KeyOf<Noun>] extends [KeyOf<z.infer<Schema>>] ? unknown : never),
  ): Schema => schema;
}

type KeyOf<Value> = Value extends unknown ? keyof Value : never;

/** The values that a schema accepts, for readers of a file. */
export type Stored<Schema extends z.ZodType> = Frozen<z.infer<Schema>>;

type Frozen<Value> = Value extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
    : Value;

/** The longest text of any kind: an SDK's error can hold a stack. Longer texts are cut when they are written. */
export const MAX_TEXT = 100_000;

export const text = z.string().max(MAX_TEXT);

/** IDs, types, queues: a server takes at most 1,000 bytes. */
export const name = z.string().max(4_000);

export const commitSchema = z.string().regex(/^[0-9a-f]{40,64}$/u);

const time = z.string().max(64);

export const executionSchema = schemaOf<Execution>()(
  z.strictObject({
    workflowId: name,
    runId: name,
    workflowType: name,
    taskQueue: name,
    status: z.enum(EXECUTION_STATUSES),
    startTime: time.exactOptional(),
    closeTime: time.exactOptional(),
    historyLength: z.number().nonnegative().exactOptional(),
    buildIds: z.array(name).max(10_000),
    patchIds: z.array(name).max(10_000).exactOptional(),
    group: z.enum(EXECUTION_GROUPS).exactOptional(),
    isLeftByReset: z.literal(true).exactOptional(),
    unknownIds: z
      .array(z.enum(['workflowId', 'runId']))
      .max(2)
      .exactOptional(),
  }),
);

export const claimSchema = schemaOf<Claim>()(
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('claimed'),
      buildId: name,
      from: z.enum(['title', 'build-id', 'on-no-claim']),
      isCurrent: z.literal(true).exactOptional(),
      warning: text.exactOptional(),
    }),
    z.strictObject({ kind: z.literal('not-claimed'), warning: text.exactOptional() }),
    z.strictObject({ kind: z.literal('malformed'), problem: text }),
  ]),
);

export const noMatchSchema = schemaOf<NoMatch>()(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('query-mismatch'), explanation: text }),
    z.strictObject({
      kind: z.literal('not-started'),
      waiting: z.number(),
      workflowTypes: z.array(name),
    }),
    z.strictObject({ kind: z.literal('empty'), explanation: text }),
    z.strictObject({ kind: z.literal('not-known'), explanation: text }),
  ]),
);

const server = { address: name, namespace: name, buildId: name };
const auto = z
  .enum(['deployment-named', 'deployment-found', 'version-set-found', 'both-found'])
  .exactOptional();

const deployment = z.strictObject({
  kind: z.literal('worker-deployment'),
  ...server,
  deploymentName: name,
  current: name.exactOptional(),
  ramping: z.strictObject({ buildId: name, percentage: z.number() }).exactOptional(),
  versions: z.array(
    z.strictObject({
      buildId: name,
      drainage: z.enum(['draining', 'drained']).exactOptional(),
    }),
  ),
  taskQueues: z.array(name),
  liveBuildIds: z.array(name),
  pinnedAreUnknown: z.literal(true).exactOptional(),
  groups: z.array(z.strictObject({ group: z.enum(EXECUTION_GROUPS), query: text })),
  auto,
});

/** Three jobs take no history files: a replay of files needs no credentials. */
export const targetSchema: z.ZodType<Target> = schemaOf<
  Exclude<Target, { readonly kind: 'history-files' }>
>()(
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('version-set'),
      ...server,
      sets: z.array(z.strictObject({ taskQueue: name, buildIds: z.array(name) })),
      query: text,
      auto,
    }),
    deployment,
    z.strictObject({
      kind: z.literal('worker-deployments'),
      ...server,
      // Those of several deployments.
      buildId: text,
      deployments: z.array(deployment).min(2),
      auto,
    }),
    z.strictObject({ kind: z.literal('build-id'), ...server, query: text }),
    z.strictObject({ kind: z.literal('query'), ...server, query: text }),
  ]),
);

export const problemSchema = schemaOf<Problem>()(
  z.strictObject({
    found: text,
    expected: text.exactOptional(),
    fix: text.exactOptional(),
  }),
);

export const replayerFields = { language: name, sdkName: name, sdkVersion: name };

export const replayerSchema = schemaOf<ReplayerDescription>()(z.strictObject(replayerFields));
