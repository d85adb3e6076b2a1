import { join } from 'node:path';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { measuredGate } from './measured-gate.js';
import { startServerProgram, type Requests } from './server-program.js';
import type { Row } from './table.js';

const SECTION = 'executions by the thousand, from a server that makes them up';

export interface ManyOptions {
  /** Executions on the server. */
  readonly few: number;
  readonly many: number;
  /** Histories that are read in both runs. */
  readonly reads: number;
  readonly replays: number;
}

interface Run {
  readonly peakBytes: number;
  readonly seconds: number;
  readonly requests: Requests;
  /** What the report says. */
  readonly effort: { readonly requests: number; readonly histories: number };
}

/** Memory of the parent and requests to the server, by the number of executions that are listed. */
export async function manyExecutions(options: ManyOptions): Promise<{
  readonly rows: readonly Row[];
  readonly curve: readonly (readonly [executions: number, megabytes: number])[];
}> {
  const few = await run(options.few, options);
  const many = await run(options.many, options);
  const megabytes = ({ peakBytes }: Run): number => peakBytes / 1e6;
  const asked = Object.values(many.requests).reduce((sum, requests) => sum + requests, 0);
  const least = Math.ceil(options.many / 1000) + many.effort.histories;
  const rows: Row[] = [
    {
      section: SECTION,
      name: `memory of the parent, ${options.many} listed, ${options.reads} read`,
      value: megabytes(many),
      unit: 'MB',
      target: { at: 'most', value: 250 },
      detail: `${many.effort.histories} histories read in ${many.seconds.toFixed(1)} s`,
    },
    {
      section: SECTION,
      name: `times that with ${options.few} listed`,
      value: megabytes(many) / megabytes(few),
      unit: 'times',
      target: { at: 'most', value: 1.2 },
      detail: `${megabytes(few).toFixed(0)} MB there`,
    },
    {
      section: SECTION,
      name: 'requests, of the fewest that can read as much',
      value: asked / least,
      unit: 'times',
      target: { at: 'most', value: 1.05 },
      detail: Object.entries(many.requests)
        .map(([name, requests]) => `${name} ${requests}`)
        .join(', '),
    },
    {
      section: SECTION,
      name: 'requests that the report does not tell',
      // The client asks for the server's capabilities of its own accord.
      value: asked - (many.requests['GetSystemInfo'] ?? 0) - many.effort.requests,
      unit: 'requests',
      target: { at: 'most', value: 0 },
    },
  ];
  return {
    rows,
    curve: [
      [options.few, megabytes(few)],
      [options.many, megabytes(many)],
    ],
  };
}

async function run(executions: number, options: ManyOptions): Promise<Run> {
  const workspace = await ordersWorkspace();
  const file = join(import.meta.dirname, 'generated-server.ts');
  const server = await startServerProgram(file, [String(executions)]);
  try {
    const { report, ...took } = await measuredGate<Pick<Run, 'effort'>>(
      workspace.path,
      server.address,
      ['--max-reads', String(options.reads), '--max-histories', String(options.replays)],
    );
    const { effort, verdict } = report;
    console.log(`  ${executions} listed: ${verdict.kind}, ${verdict.summary}`);
    return { ...took, effort, requests: await server.requests() };
  } finally {
    await server.stop();
    await workspace.remove();
  }
}
