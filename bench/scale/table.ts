/** One line of the table: a figure, and what it is held to. */
export interface Row {
  readonly section: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Absent: the figure is for information. */
  readonly target?: { readonly at: 'least' | 'most'; readonly value: number };
  /** How the figure came about: single runs, spread, conditions. */
  readonly detail?: string;
}

/** Whether the figure is what it must be; one that is not a number never is. */
export function isHeld({ value, target }: Row): boolean {
  if (target === undefined) return true;
  return target.at === 'least' ? value >= target.value : value <= target.value;
}

export function rowWords(row: Row): string {
  const { name, value, unit, target, detail } = row;
  const figure = `${number(value)} ${unit}`.trim();
  const held =
    target === undefined
      ? ''
      : `at ${target.at} ${number(target.value)}: ${isHeld(row) ? 'held' : 'MISSED'}`;
  const line = `  ${name.padEnd(62)}${figure.padEnd(20)}${held}`.trimEnd();
  return detail === undefined ? line : `${line}\n      ${detail}`;
}

function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
