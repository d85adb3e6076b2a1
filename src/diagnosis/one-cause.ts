import { placesIn } from '../model/coverage.js';
import type { Cause } from '../model/cause.js';
import { isOpen, type Execution } from '../model/execution.js';
import type { Finding, FindingGroup, Weight } from '../model/finding.js';
import { triedFor } from './tried.js';
import type { RootedFinding } from './failure.js';
import { remedyOfRemovedPatch } from './explain.js';
import { hitsWords } from './weigh.js';

/**
 * Joins the findings of one root cause, each of which becomes a group of executions. No execution is lost, and each
 * group keeps its weight: so the verdict is the same as without it.
 *
 * @param language as the replayer names it, for remedies
 */
export function oneForEachCause(
  findings: readonly RootedFinding[],
  listed: readonly Execution[],
  language?: string,
): Finding[] {
  const at = placesIn(
    listed,
    findings.flatMap(({ executions }) => executions),
  );
  return connected(findings)
    .map((joined) => asOne(joined, at, language))
    .sort((a, b) => b.executions.length - a.executions.length);
}

/** The findings that are connected by their roots, in the order in which they come. */
export function connected<One extends Pick<RootedFinding, 'roots'>>(
  findings: readonly One[],
): [One, ...One[]][] {
  const owned = new Set(findings.flatMap(({ roots }) => roots.own));
  const heads = findings.map((_, index) => index);
  const headOf = (index: number): number => {
    let head = index;
    while (heads[head] !== head) head = heads[head] ?? head;
    return head;
  };
  const first = new Map<string, number>();
  for (const [index, { roots }] of findings.entries()) {
    for (const root of [...roots.own, ...roots.maybe]) {
      if (!owned.has(root)) continue;
      const other = first.get(root);
      if (other === undefined) {
        first.set(root, index);
        continue;
      }
      const [a, b] = [headOf(index), headOf(other)];
      heads[Math.max(a, b)] = Math.min(a, b);
    }
  }
  const sets = new Map<number, [One, ...One[]]>();
  for (const [index, finding] of findings.entries()) {
    const set = sets.get(headOf(index));
    if (set === undefined) sets.set(headOf(index), [finding]);
    else set.push(finding);
  }
  return [...sets.values()];
}

function asOne(
  joined: readonly RootedFinding[],
  at: (execution: Execution) => number,
  language: string | undefined,
): Finding {
  const groups = [...joined].sort(
    (a, b) =>
      ofPatch(b) - ofPatch(a) ||
      heaviness(b.weight) - heaviness(a.weight) ||
      rank(a.cause) - rank(b.cause) ||
      b.executions.length - a.executions.length,
  ) as [RootedFinding, ...RootedFinding[]];
  const [lead, ...others] = groups;
  const { roots: _roots, patch: _patch, ...shown } = lead;
  if (others.length === 0) return shown;
  return {
    ...groupOf(lead),
    ...remedyOfAll(groups, language),
    ...triedFor(groups),
    weight: weightOfAll(groups),
    executions: joined.flatMap(({ executions }) => executions).sort((a, b) => at(a) - at(b)),
    groups: groups.map(groupOf),
  };
}

function groupOf(finding: RootedFinding): FindingGroup {
  const {
    roots: _roots,
    patch: _patch,
    remedy: _remedy,
    fix: _fix,
    proof: _proof,
    editsTried: _tried,
    ...group
  } = finding;
  return group;
}

/** A patch that is gone explains what the code does without it, and its marker shows that best. */
function ofPatch({ patch, divergence }: RootedFinding): number {
  if (patch === undefined) return 0;
  return 'event' in divergence && divergence.event.words === `patch ${patch}` ? 2 : 1;
}

/** Causes whose remedy guards new and old code come first: that mends also where only one of them shows. */
const BOTH_BRANCHES: ReadonlySet<Cause> = new Set([
  'command-replaced',
  'command-moved',
  'commands-reordered',
]);

function rank(cause: Cause): number {
  return BOTH_BRANCHES.has(cause) ? 0 : cause.startsWith('workflow-ends') ? 2 : 1;
}

/** One remedy that lets the executions of all groups go on. */
function remedyOfAll(
  groups: readonly [RootedFinding, ...RootedFinding[]],
  language: string | undefined,
): Pick<Finding, 'remedy' | 'fix'> {
  const [lead] = groups;
  const [told] =
    ofPatch(lead) > 0 ? [lead] : [...groups].sort((a, b) => rank(a.cause) - rank(b.cause));
  const { patch, cause, fix, remedy } = told ?? lead;
  return {
    remedy:
      cause === 'patch-removed' && patch !== undefined
        ? remedyOfRemovedPatch(patch, language)
        : remedy,
    ...(fix === undefined ? {} : { fix }),
  };
}

const HEAVINESS = ['historical', 'pinned', 'decisive'] as const;

function heaviness(weight: Weight): number {
  return HEAVINESS.indexOf(weight.kind === 'pre-existing' ? weight.otherwise : weight.kind);
}

/** What the heaviest group weighs, with the running executions of all that weigh so. */
function weightOfAll(groups: readonly [RootedFinding, ...RootedFinding[]]): Weight {
  const [{ weight }] = [...groups].sort((a, b) => heaviness(b.weight) - heaviness(a.weight)) as [
    RootedFinding,
  ];
  const executions = groups
    .filter((group) => group.weight.kind === weight.kind)
    .flatMap((group) => group.executions);
  return weight.kind === 'decisive' && executions.some(isOpen)
    ? { ...weight, reason: hitsWords(executions) }
    : weight;
}
