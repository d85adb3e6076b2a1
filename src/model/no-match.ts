/** Why no execution matches the target, as far as the server could tell. */
export type NoMatch =
  /** There are executions, and a clause of the query excludes them. */
  | { readonly kind: 'query-mismatch'; readonly explanation: string }
  /** Executions on the claimed build's task queues wait for their first workflow task. */
  | {
      readonly kind: 'not-started';
      readonly waiting: number;
      readonly workflowTypes: readonly string[];
    }
  /** There is no execution, and `explanation` says what the server holds instead. */
  | { readonly kind: 'empty'; readonly explanation: string }
  /** The server did not tell. */
  | { readonly kind: 'not-known'; readonly explanation: string };
