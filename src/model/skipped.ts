/** What discovery did not look into, or could not read. Its workflows are not known. Both texts are untrusted. */
export interface Skipped {
  /** A file, a folder or a class. */
  readonly what: string;
  readonly why: string;
}

const MAX_NAMED = 3;

/** Says that a workflow type may be registered where nobody looked. */
export function maybeSkipped(workflowType: string, skipped: readonly Skipped[]): string {
  const named = skipped.slice(0, MAX_NAMED).map(({ what, why }) => `${what} (${why})`);
  const more = skipped.length - named.length;
  const all = more > 0 ? [...named, `${more} more`] : named;
  return (
    `No workflow type ${workflowType} was found, but not everything was looked into: ${all.join('; ')}. ` +
    'If the type is there, mend what kept it out, or name it in the input workflows'
  );
}
