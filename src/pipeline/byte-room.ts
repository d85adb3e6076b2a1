/**
 * Bounds the bytes that several holders have together, where none knows beforehand how many it needs. A holder
 * that wants more waits while all hold too many. The oldest holder never waits, so one always finishes.
 */
export class ByteRoom {
  private readonly shares = new Set<ByteShare>();
  private readonly waiting = new Set<() => void>();
  private limit: number;
  private held = 0;

  /** @param limit bytes; the oldest holder may exceed it, and each other one by a single take */
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

  /** From now on nobody waits: nobody uses what is held. */
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
  /** Gives back everything that was taken. */
  close(): void;
}
