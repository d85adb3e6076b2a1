import type { Execution } from './execution.js';
import type { Target } from './target.js';

export type ResolvedTarget =
  | { readonly kind: 'found'; readonly target: Target }
  | { readonly kind: 'unknown-build'; readonly explanation: string };

export interface ListedExecutions {
  readonly executions: readonly Execution[];
  readonly truncated: boolean;
}

/** What is known of resets before it is known what breaks. */
export type LeftByReset =
  /** Keys of those that a reset left behind. */
  | { readonly kind: 'known'; readonly keys: readonly string[] }
  | { readonly kind: 'not-known'; readonly explanation: string };
