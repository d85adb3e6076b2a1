import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../testing/project-root.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { runWithPeakMemory } from '../peak-memory.js';

/** What a run of the gate took, and what its report says. */
export interface MeasuredGate<Report = object> {
  readonly peakBytes: number;
  readonly seconds: number;
  readonly report: Report & {
    readonly verdict: { readonly kind: string; readonly summary: string };
  };
}

/**
 * The built gate over what the query of the generated servers lists, whatever time it takes.
 *
 * @param folder in which it runs: the application's, or one above it
 * @throws Error with what it printed when there is no report
 */
export async function measuredGate<Report = object>(
  folder: string,
  address: string,
  args: readonly string[],
): Promise<MeasuredGate<Report>> {
  const scratch = await temporaryFolder('bench-gate');
  const path = join(scratch, 'report.json');
  try {
    const { peakBytes, seconds, stdout, stderr } = await runWithPeakMemory(
      [
        join(projectRoot, 'dist', 'index.js'),
        ...['--build-id', 'v1.0', '--versioning', 'none', '--query', 'TaskQueue = "scale"'],
        ...['--address', address, '--time-budget', '1h', '--reports', path, ...args],
      ],
      folder,
    );
    const text = await readFile(path, 'utf8').catch(() => {
      throw new Error(`no report: ${stdout}${stderr}`);
    });
    return { peakBytes, seconds, report: JSON.parse(text) as MeasuredGate<Report>['report'] };
  } finally {
    await removeFolder(scratch);
  }
}
