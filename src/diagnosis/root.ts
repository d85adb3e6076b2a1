import type { BaselineRelation, Divergence } from '../model/finding.js';
import type { SourceLocation } from '../model/source-location.js';

/**
 * By what findings of one root cause know each other. Two findings that share a name are one, if it is `own` to at least
 * one of them. What is `maybe` alone to both joins nothing.
 */
export interface Roots {
  readonly own: readonly string[];
  readonly maybe: readonly string[];
}

export function placeIn(divergence: Divergence): string | undefined {
  return 'location' in divergence ? place(divergence.location) : undefined;
}

export function place({ file, line }: SourceLocation): string {
  return `${file}:${line}`;
}

/** What the baseline shares, and what breaks there otherwise, have other roots than what this change broke. */
export function scoped({ own, maybe }: Roots, relation: BaselineRelation | undefined): Roots {
  const scope = relation === 'not-compared' ? 'introduced' : relation;
  const within = (root: string): string => (scope === undefined ? root : `${scope} ${root}`);
  return { own: own.map(within), maybe: maybe.map(within) };
}

export function joinRoots(one: Roots | undefined, other: Roots): Roots {
  if (one === undefined) return other;
  return {
    own: [...new Set([...one.own, ...other.own])],
    maybe: [...new Set([...one.maybe, ...other.maybe])],
  };
}

/** @param parts of one kind of root, and never what differs between executions, such as an ID */
export function key(...parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}
