import type { JudgedVersion } from './retirement.js';
import type { Problem, Report } from './report.js';

/** Which claims would hold for some code, as of a moment. */
export interface Advice {
  /** Commit of the code; undefined outside a repository. */
  readonly commit: string | undefined;
  readonly address: string;
  readonly namespace: string;
  readonly versions: readonly AdvisedVersion[];
  readonly notes: readonly string[];
  /** The error that ended it early, when one did. */
  readonly problem?: Problem;
}

/** A live version, and what a claim for it would come to. */
export interface AdvisedVersion {
  readonly judged: JudgedVersion;
  readonly report: Report;
}

/** Whether the code can take over the executions of a version; undefined where that is not known. */
export function isCompatible({ report }: Pick<AdvisedVersion, 'report'>): boolean | undefined {
  switch (report.verdict.kind) {
    case 'compatible':
      return true;
    case 'incompatible':
      return false;
    case 'inconclusive':
    case 'not-claimed':
      return undefined;
  }
}
