/** Lines of one file that others take the place of. Untrusted: they hold code of the pull request. */
export interface LinesEdit {
  /** Relative to the workspace. */
  readonly file: string;
  /** The first of the lines that go, counted from 1. */
  readonly line: number;
  /** At least one: where nothing goes, the line beside the place. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** An edit of the code under test with which the executions of a finding pass. */
export interface Proof {
  /** Apart from each other, in the order of their files and lines. */
  readonly edits: readonly LinesEdit[];
  /** The same as a unified diff against the code under test. */
  readonly diff: string;
  /** So many failing executions were replayed with it, and all of them pass. At least one. */
  readonly failing: number;
  /** So many passing executions were replayed with it, and all of them still pass. */
  readonly passing: number;
}

/** "Proven: 21 of 21 failing executions pass with it, and 4 of 4 that passed still do." */
export function proofWords({ failing, passing }: Proof, executions: number): string {
  const those = failing === 1 && executions === 1 ? 'execution passes' : 'executions pass';
  const tried =
    failing >= executions
      ? `${failing} of ${failing} failing ${those} with it`
      : `${failing} of ${failing} failing executions that were tried pass with it (${executions} fail)`;
  return `Proven: ${tried}${passing === 0 ? '' : `, and ${passing} of ${passing} that passed still do`}.`;
}

/** @param tried how many edits were tried */
export function unprovenWords(tried: number): string {
  const edits =
    tried === 1
      ? 'The one edit that was tried does not let'
      : `None of ${tried} edits that were tried lets`;
  return `No edit is proven. ${edits} all failing executions pass.`;
}

/** One edit for what several runs proved; undefined where they did not all prove the same one. */
export function mergeProofs(proofs: readonly (Proof | undefined)[]): Proof | undefined {
  const [first, ...others] = proofs;
  if (first === undefined) return undefined;
  let { failing, passing } = first;
  for (const other of others) {
    if (other?.diff !== first.diff) return undefined;
    failing += other.failing;
    passing = Math.max(passing, other.passing);
  }
  return { ...first, failing, passing };
}
