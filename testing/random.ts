import { randomNumbers } from '../src/selection/random.js';

/** Numbers that look random and are the same for the same seed, so that a case can be tried again alone. */
export class Random {
  /** From 0 up to, and not including, 1. */
  readonly fraction: () => number;

  constructor(seed: number) {
    // Neighbours are to begin far apart.
    this.fraction = randomNumbers(Math.imul(seed + 1, 0x9e3779b1));
  }

  /** A whole number, both bounds included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from + 1));
  }

  /** A whole number of which small ones are as likely as large ones, both bounds included. */
  magnitude(from: number, to: number): number {
    const low = Math.log(from + 1);
    return Math.floor(Math.exp(low + this.fraction() * (Math.log(to + 2) - low)) - 1);
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.integer(0, from.length - 1)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }
}
