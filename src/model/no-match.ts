/** Why the executions that a target speaks of are none, as far as the server could tell. */
export type NoMatch =
  /** Executions are there, and a clause of the query keeps them out. */
  | { readonly kind: 'query-mismatch'; readonly explanation: string }
  /** Some were started where the claimed build works, and wait for their first workflow task. */
  | {
      readonly kind: 'not-started';
      readonly waiting: number;
      readonly workflowTypes: readonly string[];
    }
  /** There is none, and `explanation` says what the server holds instead. */
  | { readonly kind: 'empty'; readonly explanation: string }
  /** The server did not answer that. */
  | { readonly kind: 'not-known'; readonly explanation: string };
