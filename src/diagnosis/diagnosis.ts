import type { TaskCompletion } from '../engine/recorded-history.js';
import type { Cause } from '../model/cause.js';
import type { BaselineView, Divergence } from '../model/finding.js';
import type { SdkVersions } from '../model/sdk-version.js';
import type { TimelineRow } from '../model/timeline.js';
import type { Roots } from './root.js';

/** What one failing history shows. */
export interface Diagnosis {
  readonly divergence: Divergence;
  readonly cause: Cause;
  readonly timeline: readonly TimelineRow[];
  /** The diverging workflow task, as far as history tells. */
  readonly task: TaskCompletion;
  /** The commands on which history and code agree before they diverge; undefined where that is not known. */
  readonly agreed?: readonly string[];
  readonly baseline?: BaselineView;
  /** A sentence about what came before the divergence and explains it. What it quotes is untrusted. */
  readonly origin?: string;
  readonly roots?: Roots;
  /** The patch that the code does not ask for any more, or asks for otherwise. Untrusted. */
  readonly patch?: string;
  /** Where the SDK is the cause. */
  readonly sdk?: SdkVersions;
}
