import { isOpen, type Execution } from './execution.js';
import { isJudged, type Outcome } from './outcome.js';

/** How many of the matching executions were replayed. */
export interface Coverage {
  readonly matched: number;
  /** Whether the listing ended before the server had no more. */
  readonly listingTruncated: boolean;
  readonly byType: readonly CoverageRow[];
  readonly byStatus: readonly CoverageRow[];
  readonly byBuildId: readonly CoverageRow[];
  /** Only where the target has groups, and then only those that have executions. */
  readonly byGroup?: readonly CoverageRow[];
}

export interface CoverageRow {
  readonly name: string;
  readonly matched: number;
  readonly matchedOpen: number;
  readonly replayed: number;
  readonly replayedOpen: number;
}

/** Lays the outcomes over the listing. An execution counts as replayed when its outcome is judged. */
export function measureCoverage(
  listed: readonly Execution[],
  outcomes: readonly Outcome[],
  listingTruncated: boolean,
): Coverage {
  const judged = new ByExecution(
    outcomes.filter(isJudged).map((outcome) => [outcome.execution, true] as const),
  );
  const rows = (namesOf: (execution: Execution) => readonly string[]): CoverageRow[] => {
    const byName = new Map<string, { -readonly [K in keyof CoverageRow]: CoverageRow[K] }>();
    for (const execution of listed) {
      const open = isOpen(execution) ? 1 : 0;
      const replayed = judged.get(execution) === true ? 1 : 0;
      for (const name of namesOf(execution)) {
        let row = byName.get(name);
        if (row === undefined) {
          row = { name, matched: 0, matchedOpen: 0, replayed: 0, replayedOpen: 0 };
          byName.set(name, row);
        }
        row.matched += 1;
        row.matchedOpen += open;
        row.replayed += replayed;
        row.replayedOpen += replayed * open;
      }
    }
    return [...byName.values()].sort(
      (a, b) => b.matched - a.matched || a.name.localeCompare(b.name),
    );
  };
  const byGroup = rows(({ group }) => (group === undefined ? [] : [group]));
  return {
    matched: listed.length,
    listingTruncated,
    byType: rows((execution) => [execution.workflowType]),
    byStatus: rows((execution) => [execution.status]),
    byBuildId: rows((execution) =>
      execution.buildIds.length > 0 ? execution.buildIds.slice(-1) : ['(none recorded)'],
    ),
    ...(byGroup.length === 0 ? {} : { byGroup }),
  };
}

/** A run is identified by workflow ID and run ID together. */
export function executionKey(execution: Pick<Execution, 'workflowId' | 'runId'>): string {
  return `${execution.runId}\u0000${execution.workflowId}`;
}

/**
 * Values by execution. A lookup makes no key: callers look up a whole listing, and often only a hundredth of it
 * is there.
 */
export class ByExecution<Value> {
  private readonly runIds = new Set<string>();
  private readonly values = new Map<string, Value>();

  constructor(entries: Iterable<readonly [Pick<Execution, 'workflowId' | 'runId'>, Value]> = []) {
    for (const [execution, value] of entries) {
      this.runIds.add(execution.runId);
      this.values.set(executionKey(execution), value);
    }
  }

  get(execution: Pick<Execution, 'workflowId' | 'runId'>): Value | undefined {
    return this.runIds.has(execution.runId) ? this.values.get(executionKey(execution)) : undefined;
  }
}

/** The items in the order in which their executions were listed. */
export function byListing<Item>(
  listed: readonly Execution[],
  items: readonly Item[],
  about: (item: Item) => { readonly execution: Execution },
): Item[] {
  const placeOf = placesIn(
    listed,
    items.map((item) => about(item).execution),
  );
  const at = (item: Item): number => placeOf(about(item).execution);
  return [...items].sort((a, b) => at(a) - at(b));
}

/** Where some executions stand in the listing; 0 for those that are not in it. */
export function placesIn(
  listed: readonly Execution[],
  executions: readonly Execution[],
): (execution: Execution) => number {
  const places = new ByExecution(
    executions.map((execution): [Execution, { at: number }] => [execution, { at: 0 }]),
  );
  for (const [index, execution] of listed.entries()) {
    const place = places.get(execution);
    if (place !== undefined) place.at = index;
  }
  return (execution) => places.get(execution)?.at ?? 0;
}
