import type { BaselineDescription } from '../model/report.js';
import type { ReadyReplayer, Replayers } from '../replay/replayers.js';
import type { Baseline } from './parts.js';

/** The replay of the baseline. It starts only when there is something to compare. */
export class BaselineRun {
  private readonly baseline: Baseline & { readonly kind: 'usable' };
  private replayer: ReadyReplayer | undefined;

  constructor(baseline: Baseline & { readonly kind: 'usable' }) {
    this.baseline = baseline;
  }

  /** @throws UserError when its code cannot be replayed at all */
  async start(): Promise<{ readonly replayers: Replayers; readonly replayer: ReadyReplayer }> {
    const replayers = this.baseline.startReplayers();
    const replayer = await replayers.ready();
    this.replayer = replayer;
    return { replayers, replayer };
  }

  /** Absolute real path of the checkout's root. */
  get directory(): string {
    return this.baseline.directory;
  }

  get description(): BaselineDescription {
    const { commit } = this.baseline;
    return this.replayer === undefined ? { commit } : { commit, replayer: this.replayer };
  }
}
