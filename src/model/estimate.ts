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
}
