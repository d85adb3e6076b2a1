/**
 * What stands between code under test and the process that holds the credentials, the strongest first.
 * docs/security.md says of each what it denies.
 */
export const ISOLATION_RUNGS = [
  'namespaced',
  'user-namespaced',
  'no-new-privs',
  'environment',
] as const;

export type IsolationRung = (typeof ISOLATION_RUNGS)[number];

export interface Isolation {
  readonly rung: IsolationRung;
  /** Whether the process with the credentials is unreadable for others of the same user. */
  readonly sealed: boolean;
  /** Whether code under test runs as root: then files and sockets of the machine are open to it on every rung. */
  readonly root: boolean;
}

/** Of processes in several jobs: the boundary is as strong as the weakest of them. */
export function weakest(one: Isolation | undefined, other: Isolation): Isolation {
  if (one === undefined) return other;
  const rank = ({ rung }: Isolation): number => ISOLATION_RUNGS.indexOf(rung);
  return {
    rung: rank(one) > rank(other) ? one.rung : other.rung,
    sealed: one.sealed && other.sealed,
    root: one.root || other.root,
  };
}
