import type { Claim } from '../model/claim.js';
import type { Effort } from '../model/estimate.js';
import type { NoMatch } from '../model/no-match.js';
import type { Sample } from '../model/plan.js';
import type { ListedExecutions } from '../model/resolved-target.js';
import type { Target } from '../model/target.js';
import type { Ending } from './ending.js';

/** What the fetch stage finds, before any code runs. */
export interface Fetched extends Ending {
  /** RFC 3339. */
  readonly asOf: string;
  readonly claim?: Claim;
  readonly pullRequests?: readonly number[];
  readonly removedClaim?: string;
  readonly target?: Target;
  readonly unknownBuild?: string;
  /** What a title can claim, where a malformed one asks for it. */
  readonly claimable?: string;
  readonly noMatch?: NoMatch;
  readonly listing: ListedExecutions;
  /** How long the namespace keeps closed executions, where executions have recorded patches and the server tells. */
  readonly retentionMs?: number;
  /** The running executions that were drawn by chance. */
  readonly sample?: Sample;
  /** What was asked of the server; absent where that is not known yet, or where no server was asked. */
  readonly effort?: Effort;
}
