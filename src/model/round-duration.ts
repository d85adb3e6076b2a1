const UNITS: readonly (readonly [string, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** A duration in its largest unit, with two digits that count: "7 days", "1.5 minutes", "0.25 seconds". */
export function roundDuration(ms: number): string {
  const [unit, size] = UNITS.find(([, length]) => ms >= length) ?? ['second', 1000];
  const count = Number((ms / size).toPrecision(2));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
