/**
 * Bounds the bytes that several hold at a time where nobody knows beforehand how many it will be: who wants more
 * waits while all together hold too many. Whoever came first never waits, so that somebody always comes to an end.
 */
export class ByteRoom {
  private readonly shares = new Set<ByteShare>();
  private readonly waiting = new Set<() => void>();
  private limit: number;
  private held = 0;

  /** @param limit bytes; whoever came first may go beyond, and everybody by what they take at a time */
  constructor(limit: number) {
    this.limit = limit;
  }

  open(): ByteShare {
    const share: ByteShare = {
      room: async () => {
        while (this.held > this.limit && this.first !== share) {
          await new Promise<void>((resolve) => this.waiting.add(resolve));
        }
      },
      add: (bytes) => {
        own += bytes;
        this.held += bytes;
      },
      close: () => {
        if (!this.shares.delete(share)) return;
        this.held -= own;
        this.wake();
      },
    };
    let own = 0;
    this.shares.add(share);
    return share;
  }

  /** From here on nobody waits: what is held is nobody's any more. */
  lift(): void {
    this.limit = Number.POSITIVE_INFINITY;
    this.wake();
  }

  private get first(): ByteShare | undefined {
    return this.shares.values().next().value;
  }

  private wake(): void {
    const woken = [...this.waiting];
    this.waiting.clear();
    for (const wake of woken) wake();
  }
}

export interface ByteShare {
  /** Waits until more may be taken. */
  room(): Promise<void>;
  add(bytes: number): void;
  /** Gives back all that was taken. */
  close(): void;
}
