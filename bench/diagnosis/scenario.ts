/** What is done to an execution from outside. */
export type Step =
  | { readonly kind: 'signal'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'update'; readonly name: string; readonly args: readonly unknown[] };

/** How one workflow of a corpus is run, from start to close. */
export interface Scenario {
  readonly workflowType: string;
  readonly args: readonly unknown[];
  readonly steps: readonly Step[];
  /** After how many steps the base's worker stops and the edit's takes over: one execution each. */
  readonly cuts: readonly number[];
  /** Not looked at while src/diagnosis is tuned, and scored apart. */
  readonly heldOut: boolean;
}

export const signal = (name: string, ...args: unknown[]): Step => ({ kind: 'signal', name, args });
export const update = (name: string, ...args: unknown[]): Step => ({ kind: 'update', name, args });
