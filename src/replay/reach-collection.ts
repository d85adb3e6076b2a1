import type { ReachedFile } from './protocol.js';

/** Milliseconds within which a replayer must tell which lines have run. */
const LIMIT_MS = 30_000;

/** Lines of the code under test, by absolute path. */
export interface ReachedLines {
  /** Lines with code that at least one replay ran. */
  readonly reached: ReadonlyMap<string, ReadonlySet<number>>;
  /** Lines with code that no replay ran. */
  readonly unreached: ReadonlyMap<string, ReadonlySet<number>>;
}

/** `not-counted`: no replayer counts. `lost`: a process ended, and took its count along. */
export type ReachAnswer = ReachedLines | 'not-counted' | 'lost';

/** The part of a replay process that counts lines. */
export interface CountingReplayer {
  readonly isUsable: boolean;
  reach(limitMs: number): Promise<readonly ReachedFile[] | undefined>;
}

/**
 * The lines that the replays of a run have reached, over all processes. Each process knows its own lines, and
 * they are lost when it dies. Then nothing is known: a line that seems unreached may have run there.
 */
export class ReachCollection {
  private readonly reached = new Map<string, Set<number>>();
  private readonly all = new Map<string, Set<number>>();
  private readonly counting = new Set<CountingReplayer>();
  private state: 'not-counted' | 'counted' | 'lost' = 'not-counted';

  /** Notes a process that counts, so that its count is missed when it is gone. */
  watch(replayer: CountingReplayer): void {
    this.counting.add(replayer);
    if (this.state === 'not-counted') this.state = 'counted';
  }

  /** Asks every process that counts and was not asked yet. None of them may be busy. */
  async ask(): Promise<void> {
    const asked = [...this.counting];
    this.counting.clear();
    for (const replayer of asked) {
      const files = replayer.isUsable ? await replayer.reach(LIMIT_MS) : undefined;
      if (files === undefined) this.state = 'lost';
      else this.add(files);
    }
  }

  get isCounting(): boolean {
    return this.state !== 'not-counted';
  }

  get answer(): ReachAnswer {
    if (this.state !== 'counted') return this.state;
    const unreached = new Map(
      [...this.all].map(([file, lines]) => {
        const reached = this.reached.get(file);
        return [file, new Set([...lines].filter((line) => reached?.has(line) !== true))];
      }),
    );
    return { reached: this.reached, unreached };
  }

  private add(files: readonly ReachedFile[]): void {
    for (const { file, reached, unreached } of files) {
      addTo(this.reached, file, reached);
      addTo(this.all, file, reached);
      addTo(this.all, file, unreached);
    }
  }
}

function addTo(map: Map<string, Set<number>>, file: string, lines: readonly number[]): void {
  const set = map.get(file) ?? new Set<number>();
  map.set(file, set);
  for (const line of lines) set.add(line);
}
