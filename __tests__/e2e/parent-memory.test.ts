/** @tier middle */
import { expect } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runWithPeakMemory } from '../../bench/peak-memory.js';
import { HistoryMessage } from '../../src/temporal/history/proto.js';
import { timerHistory } from '../../testing/generated-history.js';
import { startGeneratedServer } from '../../testing/generated-server.js';
import { JUDGED_INPUTS, judgedWorkspace } from '../../testing/judged-workspace.js';
import { projectRoot } from '../../testing/project-root.js';
import { LINUX, skipUnless } from '../../testing/skip-unless.js';

/**
 * The largest history that a server keeps, through the built action: 50 MB, in 51,000 events. What its replay comes
 * to is said by a script, which gets all of it; the parent does the same for it as for any other replayer.
 */

const LIMIT_BYTES = 600e6;
const ROUNDS = 8_500;
const SIGNAL_BYTES = 5_600;
const EVENTS_ON_PAGE = 768;

// The peak is the kernel's own count, which only Linux tells.
const onLinux = skipUnless(LINUX).test;

onLinux.each([
  ['passes', {}, 'compatible'],
  ['breaks', { breaks: ['order'] }, 'incompatible'],
])(
  'one of 50 MB that %s stays within 600 MB of the parent',
  async (_, judgement, verdict) => {
    const bytes = timerHistory({
      workflowType: 'order',
      workflowId: 'order-1',
      taskQueue: 'scale',
      timersByTask: Array.from({ length: ROUNDS }, () => 1),
      signalBytes: SIGNAL_BYTES,
    });
    expect(bytes.length).toBeGreaterThan(49e6);
    const { events } = HistoryMessage.decode(bytes);
    const server = await startGeneratedServer({
      executions: {
        count: 1,
        at: () => ({
          workflowId: 'order-1',
          runId: '0d1f2a3b-0000-4000-8000-000000000001',
          workflowType: 'order',
          startTime: 1_790_000_000,
        }),
        events: () => events,
      },
      eventsOnPage: EVENTS_ON_PAGE,
    });
    const workspace = await judgedWorkspace(judgement);
    try {
      const report = join(workspace.path, '.git', 'report.json');
      const run = await runWithPeakMemory(
        [
          join(projectRoot, 'dist', 'index.js'),
          ...[
            'check',
            '--build-id',
            'v1.0',
            '--versioning',
            'none',
            '--query',
            'TaskQueue = "scale"',
          ],
          ...['--address', server.address, '--reports', report],
          ...['--language', JUDGED_INPUTS.language, '--workflows', JUDGED_INPUTS.workflows],
        ],
        workspace.path,
      );
      const told = JSON.parse(await readFile(report, 'utf8')) as { verdict: { kind: string } };
      expect(told.verdict.kind).toBe(verdict);
      expect(run.peakBytes).toBeGreaterThan(bytes.length);
      expect(run.peakBytes).toBeLessThan(LIMIT_BYTES);
    } finally {
      await workspace.remove();
      await server.stop();
    }
  },
  300_000,
);
