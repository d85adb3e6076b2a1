import { isOpen, type Execution } from '../model/execution.js';

/**
 * Running before closed. Within each, one of every stratum in turn (workflow type, status, newest build ID,
 * group, recorded patches). Within a stratum, one of every history length in turn, newest and oldest
 * alternating. So a budget that ends early has seen every kind of execution that a listing tells apart.
 */
export function coverageOrder(listed: readonly Execution[]): Execution[] {
  return [
    ...inTurn(strata(listed.filter(isOpen))),
    ...inTurn(strata(listed.filter((execution) => !isOpen(execution)))),
  ];
}

function strata(executions: readonly Execution[]): Execution[][] {
  return grouped(executions, stratumOf).map(byLength);
}

function stratumOf({ workflowType, status, buildIds, group, patchIds }: Execution): string {
  return JSON.stringify([
    workflowType,
    status,
    buildIds.at(-1) ?? '',
    group ?? '',
    [...(patchIds ?? [])].sort(),
  ]);
}

/** Histories of different lengths took different ways through the code. A listing tells no more about their ways. */
function byLength(executions: readonly Execution[]): Execution[] {
  const lengths = grouped(executions, ({ historyLength = 0 }) => String(historyLength));
  return inTurn(fromBothEnds(lengths).map(fromBothEnds));
}

function grouped(
  executions: readonly Execution[],
  keyOf: (execution: Execution) => string,
): Execution[][] {
  const groups = new Map<string, Execution[]>();
  for (const execution of executions) {
    const key = keyOf(execution);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [execution]);
    else group.push(execution);
  }
  return [...groups.values()];
}

/** First, last, second, last but one, … */
function fromBothEnds<Item>(items: readonly Item[]): Item[] {
  return items.map((_, index) => {
    const half = index >> 1;
    return items[index % 2 === 0 ? half : items.length - 1 - half] as Item;
  });
}

/** The first of each group, then the second of each that has one, and so on. */
function inTurn<Item>(groups: readonly (readonly Item[])[]): Item[] {
  const result: Item[] = [];
  let left = groups;
  for (let index = 0; left.length > 0; index += 1) {
    // Finished groups are dropped: there can be as many groups as executions.
    left = left.filter((group) => group.length > index);
    for (const group of left) result.push(group[index] as Item);
  }
  return result;
}
