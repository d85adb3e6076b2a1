import type { Execution } from './execution.js';
import type { Target } from './target.js';

export type ResolvedTarget =
  | { readonly kind: 'found'; readonly target: Target }
  | { readonly kind: 'unknown-build'; readonly explanation: string };

export interface ListedExecutions {
  readonly executions: readonly Execution[];
  readonly truncated: boolean;
}
