/** What a sample of the running executions says about all of them. */
export interface Estimate {
  /** Running executions that the sample was drawn from. */
  readonly running: number;
  /** Drawn executions about which something is known. */
  readonly sampled: number;
  /** How many of `sampled` break or could not be judged. */
  readonly affected: number;
  /** With this confidence, at most this share (0 to 1) of the running executions can be affected. */
  readonly atMost: number;
  readonly confidence: number;
  /** The seed that the sample was drawn with. */
  readonly seed: number;
}

/** What a run asked of the server. */
export interface Effort {
  /** Requests of every kind, retries included. */
  readonly requests: number;
  /** Histories that were read, whole. */
  readonly histories: number;
  /** Absent where no store of histories is used. */
  readonly store?: StoreUse;
}

/** What the store of histories saved. */
export interface StoreUse {
  /** Histories that were taken from it instead of being read. */
  readonly reused: number;
  /** Entries that did not open or were damaged. */
  readonly unusable: number;
  /** The system's error code when the store cannot be read or written. */
  readonly failure?: string;
}
