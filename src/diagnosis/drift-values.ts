import type { CarriedValue } from '../replay/carried.js';

/** A value of a field in words. */
export function valueWords(field: string, value: CarriedValue | undefined): string {
  if (value === undefined) return 'not set';
  return typeof value === 'number' && isDuration(field) ? durationWords(value) : String(value);
}

function isDuration(field: string): boolean {
  return /(?:Timeout|Interval)$/u.test(field);
}

/**
 * Numbers as the code asks for them. On their way into history, SDKs make binary fractions of them: 70 ms can become
 * 70.00000000000001 ms, and a weight of 0.1 is 0.10000000149011612.
 */
export function asAsked(field: string, value: CarriedValue | undefined): CarriedValue | undefined {
  if (typeof value !== 'number' || Number.isInteger(value)) return value;
  return isDuration(field) ? inMicroseconds(value) : Number(value.toPrecision(6));
}

function inMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** "1 m", "1 h 30 m", "250 ms": down to microseconds, so that what differs also looks different. */
export function durationWords(ms: number): string {
  let rest = inMicroseconds(ms);
  const words: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = size === 1 ? inMicroseconds(rest) : Math.floor(rest / size);
    if (count === 0) continue;
    rest -= count * size;
    words.push(`${count} ${unit}`);
  }
  return words.join(' ') || '0 s';
}
