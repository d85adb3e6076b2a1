import { parseClaim } from '../claim/parse-claim.js';
import { type ClaimPosition, type Claim } from '../model/claim.js';
import type { SubjectParts } from '../gate/parts.js';
import type { Evidence } from '../verdict/evidence.js';
import { readChangedLines } from './changed-lines.js';
import { readMergeGroup } from './merge-group.js';
import { readPullRequest, type PullRequest } from './pull-request.js';
import {
  checkSubject,
  movedTitle,
  readSubject,
  recheckSubject,
  repositoryOf,
  type SubjectSource,
} from './subject.js';

/**
 * What a run checks, one after the other: one subject, or for a merge group one for each claim that its
 * pull requests make. Never rejects. An error appears when the gate asks for the title, so that it
 * becomes a report.
 */
export async function subjectsOf(
  source: SubjectSource,
  position: ClaimPosition,
): Promise<[SubjectParts, ...SubjectParts[]]> {
  const { trigger } = source.context;
  const single: SubjectParts = {
    readSubject: () => readSubject(source),
    checkSubject: (subject) => Promise.resolve(checkSubject(source, subject)),
    recheckSubject: (subject) => recheckSubject(source, subject),
  };
  if (trigger.kind !== 'merge-group' || source.title !== undefined || source.claimsBuildId) {
    return [single];
  }
  const read = async (): Promise<PullRequest[]> => readMergeGroup(repositoryOf(source), trigger);
  const reading = read();
  try {
    const members = await reading;
    const [first, ...others] = byClaim(members, position).map((claimants) =>
      groupSubject(source, trigger.headSha, members, claimants),
    );
    // There is always at least one: the pull request that the group's ref names.
    return first === undefined ? [single] : [first, ...others];
  } catch {
    // The gate meets the error where it asks for the title.
    return [{ ...single, readSubject: () => reading.then(() => single.readSubject()) }];
  }
}

/** Groups pull requests by claim, because each claim is checked once. */
function byClaim(
  members: readonly PullRequest[],
  position: ClaimPosition,
): [PullRequest, ...PullRequest[]][] {
  const groups = new Map<string, [PullRequest, ...PullRequest[]]>();
  for (const member of members) {
    const key = claimKey(parseClaim(member.title, position));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [member]);
    else group.push(member);
  }
  return [...groups.values()];
}

function claimKey(claim: Claim): string {
  switch (claim.kind) {
    case 'claimed':
      return `claimed ${claim.buildId}`;
    case 'malformed':
      return `malformed ${claim.problem}`;
    case 'not-claimed':
      return `not-claimed ${claim.warning ?? ''}`;
  }
}

function groupSubject(
  source: SubjectSource,
  headSha: string,
  members: readonly PullRequest[],
  claimants: readonly [PullRequest, ...PullRequest[]],
): SubjectParts {
  return {
    readSubject: () =>
      Promise.resolve({
        title: claimants[0].title,
        commit: source.commit,
        // A merge group's head never changes: each group has an event of its own.
        acceptedCommits: [headSha],
        pullRequests: claimants.map(({ number }) => number),
        readChangedLines: () =>
          readChangedLines(
            repositoryOf(source),
            claimants.map(({ number }) => number),
          ),
      }),
    checkSubject: (subject) => Promise.resolve(checkSubject(source, subject)),
    recheckSubject: () => recheckTitles(source, members),
  };
}

/** Reads all titles of the group again: a pull request that claimed nothing may claim something by now. */
async function recheckTitles(
  source: SubjectSource,
  members: readonly PullRequest[],
): Promise<Evidence['wrongSubject']> {
  const repository = repositoryOf(source);
  for (const { number, title } of members) {
    const now = await readPullRequest(repository, number);
    if (now.title !== title) return movedTitle(now, `The title of pull request ${number}`);
  }
  return undefined;
}
