import { HistoryMessage } from '../../src/temporal/history/proto.js';
import { timerHistory } from '../../testing/generated-history.js';
import { startGeneratedServer } from '../../testing/generated-server.js';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { measuredGate, type MeasuredGate } from './measured-gate.js';
import type { Row } from './table.js';

const SECTION = 'histories at the limit of what a server keeps';

/** Of the issue, in megabytes. */
const TARGET_MB = 600;

/** Events in a server's largest history are 51,200, and its bytes 50 MB. */
const ROUNDS = 8_500;
const SIGNAL_BYTES = 5_600;

/** As many as are read at a time. */
const SEVERAL = 5;

/** Events on a page: a page of a real server passes 4 MB where its events are large. */
const EVENTS_ON_PAGE = 768;

const FILE = 'src/workflows/index.ts';

/** Six events a round, one of them a signal that nobody handles. */
const LOOP = `import { sleep, proxyActivities } from '@temporalio/workflow';
const { check } = proxyActivities({ startToCloseTimeout: '1 s' });
export async function waits(): Promise<void> {
  for (let round = 0; round < 100_000; round += 1) {
    await sleep('1 s');
  }
}
`;

function brokenAfter(rounds: number): string {
  return LOOP.replace("await sleep('1 s');", `$&\n    if (round === ${rounds}) await check();`);
}

export interface LargeOptions {
  /** Of the largest that a server keeps, so much. */
  readonly share: number;
}

/** Memory of the parent over a history of 50 MB: one that passes, one that breaks near its end, and several. */
export async function largeHistory({ share }: LargeOptions): Promise<readonly Row[]> {
  const rounds = Math.ceil(ROUNDS * share);
  const bytes = timerHistory({
    workflowType: 'waits',
    workflowId: 'waits-1',
    taskQueue: 'scale',
    timersByTask: Array.from({ length: rounds }, () => 1),
    signalBytes: SIGNAL_BYTES,
  });
  const { events } = HistoryMessage.decode(bytes);
  const [first = {}, ...rest] = events;
  const size = `${(bytes.length / 1e6).toFixed(1)} MB, ${events.length} events`;
  let count = 1;
  const server = await startGeneratedServer({
    executions: {
      get count() {
        return count;
      },
      at: (number) => ({
        workflowId: `waits-${number + 1}`,
        runId: `0d1f2a3b-0000-4000-8000-00000000000${number + 1}`,
        workflowType: 'waits',
        startTime: 1_790_000_000 - number,
      }),
      events: (workflowId) => {
        const started = { ...first.workflowExecutionStartedEventAttributes, workflowId };
        return [{ ...first, workflowExecutionStartedEventAttributes: started }, ...rest];
      },
    },
    eventsOnPage: EVENTS_ON_PAGE,
  });
  const rows: Row[] = [];
  try {
    for (const [name, source, verdict, executions] of [
      ['it passes', LOOP, 'compatible', 1],
      ['it breaks near its end', brokenAfter(rounds - 10), 'incompatible', 1],
      [`${SEVERAL} of them pass`, LOOP, 'compatible', SEVERAL],
    ] as const) {
      count = executions;
      const run = await check(server.address, source);
      const { kind, summary } = run.report.verdict;
      if (kind !== verdict) throw new Error(`${name}: ${kind}, ${summary}`);
      rows.push({
        section: SECTION,
        name: `memory of the parent, ${name}`,
        value: run.peakBytes / 1e6,
        unit: 'MB',
        target: { at: 'most', value: TARGET_MB },
        detail: `${size}, ${run.seconds.toFixed(0)} s`,
      });
    }
  } finally {
    await server.stop();
  }
  return rows;
}

async function check(address: string, source: string): Promise<MeasuredGate> {
  const workspace = await ordersWorkspace({ files: { [FILE]: source } });
  try {
    return await measuredGate(workspace.application, address, ['--history-timeout', '15m']);
  } finally {
    await workspace.remove();
  }
}
