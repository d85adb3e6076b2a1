/** What a sample of the running executions says of all of them. */
export interface Estimate {
  /** Running executions that the sample was drawn from. */
  readonly running: number;
  /** Of those that were drawn by chance, those of which something is known. */
  readonly sampled: number;
  /** Of these, those that break or could not be judged. */
  readonly affected: number;
  /** Share of the running executions that can be affected at most, from 0 to 1, with this confidence. */
  readonly atMost: number;
  readonly confidence: number;
  /** What the sample was drawn with. */
  readonly seed: number;
}

/** What a run asked of the server. */
export interface Effort {
  /** Requests of every kind, those that were tried again included. */
  readonly requests: number;
  /** Histories that were read, whole. */
  readonly histories: number;
  /** Absent where no store of histories is used. */
  readonly store?: StoreUse;
}

/** What a store of histories that earlier runs read was good for. */
export interface StoreUse {
  /** Histories that were taken from it instead of being read. */
  readonly reused: number;
  /** Entries that did not open or were damaged. */
  readonly unusable: number;
  /** The system's word for what keeps it from being used or added to. */
  readonly failure?: string;
}
