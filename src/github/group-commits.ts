/** A commit as GitHub's comparison lists it. */
export interface GroupCommit {
  readonly sha: string;
  /** The first parent is the commit that this one was put on. */
  readonly parents: readonly string[];
  readonly message: string;
}

/** A pull request's place in the merge queue: its commits are those from `baseSha` to `headSha`. */
export interface QueueEntry {
  readonly number: number;
  readonly headSha: string;
  readonly baseSha: string;
}

export interface AttributedCommit {
  readonly commit: GroupCommit;
  /** The queue's entry that the commit belongs to. */
  readonly entry: number | undefined;
  /** The pull request that the commit's subject names, in GitHub's words for merges and squashed merges. */
  readonly named: number | undefined;
}

/**
 * Tells to which pull request each commit of a merge group belongs, from its head down to what the base
 * branch already has. It follows only first parents: the second parent of a merge leads to the pull
 * request's own commits, and their author chose those messages.
 */
export function attributeCommits(
  commits: readonly GroupCommit[],
  group: QueueEntry,
  queue: readonly QueueEntry[],
): AttributedCommit[] {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const attributed: AttributedCommit[] = [];
  let entry: QueueEntry | undefined = group;
  let commit = bySha.get(group.headSha);
  while (commit !== undefined) {
    const { sha, parents, message } = commit;
    const begins = queue.find(({ headSha }) => headSha === sha);
    if (begins !== undefined) entry = begins;
    else if (sha === entry?.baseSha) entry = undefined;
    attributed.push({ commit, entry: entry?.number, named: namedPullRequest(message) });
    // Git histories have no loop; an answer may have one.
    bySha.delete(sha);
    commit = bySha.get(parents[0] ?? '');
  }
  return attributed;
}

/** The entry of the merge queue that a ref stands for, or undefined for any other ref. */
export function queueEntry(
  ref: string,
  headSha: string,
  baseBranch: string,
): QueueEntry | undefined {
  const prefix = queuePrefix(baseBranch);
  const name = ref.replace(/^refs\//u, '');
  if (!name.startsWith(prefix)) return undefined;
  const match = /^(\d+)-([0-9a-f]{40,64})$/u.exec(name.slice(prefix.length));
  const [, number, baseSha] = match ?? [];
  if (number === undefined || baseSha === undefined) return undefined;
  return { number: Number(number), headSha, baseSha };
}

/** The common prefix of a branch's queue refs, as GitHub's refs API takes it. */
export function queuePrefix(baseBranch: string): string {
  return `heads/gh-readonly-queue/${baseBranch}/pr-`;
}

function namedPullRequest(message: string): number | undefined {
  const subject = message.split('\n', 1)[0] ?? '';
  const match =
    /^Merge pull request #(\d{1,9}) from /u.exec(subject) ?? /\(#(\d{1,9})\)$/u.exec(subject);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
