import type { ClaimPosition } from '../model/claim.js';
import type { Evidence } from '../verdict/evidence.js';
import type { SubjectSource } from './subject.js';
import { subjectsOf } from './subjects.js';

/** A claim of a merge group, as an earlier job read it. */
export interface GroupClaim {
  readonly title: string | undefined;
  readonly pullRequests: readonly number[] | undefined;
}

/** Whether the pull requests of a merge group still claim what they claimed when an earlier job read them. */
export async function recheckGroup(
  source: SubjectSource,
  position: ClaimPosition,
  claims: readonly GroupClaim[],
): Promise<Evidence['wrongSubject']> {
  const subjects = await subjectsOf(source, position);
  const now = await Promise.all(subjects.map(({ readSubject }) => readSubject()));
  const words = (claim: GroupClaim): string => JSON.stringify([claim.title, claim.pullRequests]);
  const isSame =
    now.length === claims.length &&
    now.every(
      ({ title, pullRequests }, index) =>
        claims[index] !== undefined && words({ title, pullRequests }) === words(claims[index]),
    );
  return isSame
    ? undefined
    : {
        reason: 'moved',
        summary:
          'A title of the merge group changed while the check ran. The run for the new titles decides.',
      };
}
