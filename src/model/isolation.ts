/**
 * What separates code under test from the process that holds the credentials, the strongest first.
 * docs/security.md says what each rung denies.
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
  /** Whether other processes of the same user cannot read the process with the credentials. */
  readonly sealed: boolean;
  /** Whether code under test runs as root: then it can open the machine's files and sockets on every rung. */
  readonly root: boolean;
}

/** The isolation of several jobs together is as strong as the weakest of them. */
export function weakest(one: Isolation | undefined, other: Isolation): Isolation {
  if (one === undefined) return other;
  const rank = ({ rung }: Isolation): number => ISOLATION_RUNGS.indexOf(rung);
  return {
    rung: rank(one) > rank(other) ? one.rung : other.rung,
    sealed: one.sealed && other.sealed,
    root: one.root || other.root,
  };
}
