import type { FetchedCheck } from './manifest.js';
import { shareOut, type Shard } from '../model/shard.js';

/** Positions of the reads that a shard replays, weighted by the bytes of their histories. */
export function shareOfCheck({ reads }: FetchedCheck, { index, of }: Shard): number[] {
  const weights = reads.map((read) => (read.kind === 'read' ? read.block.raw : 0));
  return shareOut(weights, of)[index - 1] ?? [];
}
