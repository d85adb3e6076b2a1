import type { WholeRead } from './whole-read.js';

const MAX_HISTORIES = 50;
const MAX_BYTES = 32 * 1024 * 1024;

/** Histories that are worked on together: few enough to be held. */
export async function* inBatches(
  reads: AsyncIterable<WholeRead>,
): AsyncGenerator<readonly WholeRead[]> {
  let batch: WholeRead[] = [];
  let bytes = 0;
  for await (const read of reads) {
    batch.push(read);
    bytes += read.history.bytes.length;
    if (batch.length < MAX_HISTORIES && bytes < MAX_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
