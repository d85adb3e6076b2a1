import { layBeside } from '../src/diagnosis/align.js';
import { EventType, eventIdOf, HistoryMessage } from '../src/temporal/history/proto.js';
import type { HistoryRead } from '../src/model/history.js';
import type { ResultMessage, StartMessage } from '../src/replay/protocol.js';
import type { ReplayRequest } from '../src/replay/replay-line.js';
import { replayRequest } from '../src/replay/replay-histories.js';
import { ReplayerProcess, type ReplayerCommand } from '../src/replay/replayer-process.js';
import { historyOfUnknownType, NO_HISTORY, RUN_ID } from './histories.js';
import { temporalReader } from '../src/temporal/reader.js';

/** The replayer to check, and the histories to check it with. */
export interface Subject {
  readonly command: ReplayerCommand;
  readonly start: StartMessage;
  /** Histories that the code can replay, and histories on which it breaks. */
  readonly passing: readonly Read[];
  readonly breaking: readonly Read[];
}

export type Read = Extract<HistoryRead, { kind: 'read' }>;

/** Whether the replayer meets a demand of the protocol, with the reason if not; or why it was not asked. */
export type Answer = 'met' | { readonly broken: string } | { readonly notAsked: string };

export interface Check {
  readonly name: string;
  readonly run: (subject: Subject) => Promise<Answer>;
}

/** Milliseconds for one replay. A replayer that needs more would run into `history-timeout`. */
const REPLAY_MS = 30_000;

/** Milliseconds in which it must end when there is no more work. */
const END_MS = 10_000;

const NEVER = new AbortController().signal;
const UNKNOWN_TYPE = 'temporal-replay-conformance-unknown-type';

type Started = Extract<Awaited<ReturnType<typeof ReplayerProcess.start>>, { kind: 'ready' }>;

async function withReplayer(
  { command, start }: Subject,
  work: (started: Started) => Promise<Answer>,
): Promise<Answer> {
  const started = await ReplayerProcess.start(command, start, NEVER);
  if (started.kind === 'failed') return { broken: `it did not become ready: ${started.message}` };
  try {
    return await work(started);
  } finally {
    started.replayer.kill();
  }
}

async function resultOf(
  { replayer }: Started,
  message: ReplayRequest,
): Promise<ResultMessage | { readonly broken: string }> {
  const answer = await replayer.replay(message, REPLAY_MS);
  switch (answer.kind) {
    case 'result':
      return answer.result;
    case 'timeout':
      return { broken: `there was no result within ${REPLAY_MS / 1000} s` };
    case 'died':
      return { broken: `the process died: ${answer.message}` };
    case 'stopped':
      return { broken: 'the process was stopped' };
  }
}

function unknownTypeMessage(history: Uint8Array): ReplayRequest {
  return {
    type: 'replay',
    id: 'conformance',
    workflowId: 'conformance',
    runId: RUN_ID,
    workflowType: UNKNOWN_TYPE,
    taskQueue: 'conformance',
    record: false,
    history,
  };
}

/** All that a replayer is asked, from what every replayer needs to what only some can do. */
export const CHECKS: readonly Check[] = [
  {
    name: 'answers start with ready, and ignores unknown fields',
    run: (subject) =>
      withReplayer(
        { ...subject, start: { ...subject.start, unheardOf: { of: 1 } } as StartMessage },
        ({ ready }): Promise<Answer> =>
          Promise.resolve(
            ready.language !== '' && ready.sdk.name !== '' && ready.sdk.version !== ''
              ? 'met'
              : { broken: 'language, sdk.name and sdk.version must not be empty' },
          ),
      ),
  },
  {
    name: 'answers an unknown protocol version with fatal',
    run: async ({ command, start }: Subject): Promise<Answer> => {
      const other = { ...start, protocol: 2 } as unknown as StartMessage;
      const started = await ReplayerProcess.start(command, other, NEVER);
      if (started.kind === 'ready') {
        started.replayer.kill();
        return { broken: 'it said that it is ready for version 2' };
      }
      return started.message.startsWith('the replayer failed')
        ? { broken: `it sent no fatal: ${started.message}` }
        : 'met';
    },
  },
  {
    name: 'does not pass a history of a workflow type that is not registered',
    run: (subject) =>
      withReplayer(subject, async (started) => {
        if (started.ready.dynamic === true) return { notAsked: 'it takes types by any name' };
        const message = unknownTypeMessage(historyOfUnknownType(UNKNOWN_TYPE));
        const result = await resultOf(started, message);
        if ('broken' in result) return result;
        return result.outcome === 'task-failed' || result.outcome === 'nondeterministic'
          ? 'met'
          : { broken: `its outcome is ${result.outcome}, though a worker's task would fail` };
      }),
  },
  {
    name: 'does not pass bytes that are no history',
    run: (subject) =>
      withReplayer(subject, async (started) => {
        const result = await resultOf(started, unknownTypeMessage(NO_HISTORY));
        // If the process dies, that costs one history: allowed, but not good.
        if ('broken' in result)
          return result.broken.startsWith('the process died') ? 'met' : result;
        return result.outcome === 'errored'
          ? 'met'
          : { broken: `its outcome is ${result.outcome}, though it cannot be judged` };
      }),
  },
  {
    name: 'passes what the code can replay, more than once in one process',
    run: (subject) =>
      replayed(subject, subject.passing, (result) =>
        result.outcome === 'passed'
          ? undefined
          : `its outcome is ${result.outcome}: ${result.message ?? ''}`,
      ),
  },
  {
    name: 'reports a break for a history that the code breaks on',
    run: (subject) =>
      replayed(subject, subject.breaking, (result) =>
        result.outcome === 'nondeterministic' || result.outcome === 'task-failed'
          ? undefined
          : `its outcome is ${result.outcome}: ${result.message ?? ''}`,
      ),
  },
  {
    name: 'gives the same outcomes with as many histories at a time as it takes',
    run: (subject) =>
      withReplayer(subject, async (started) => {
        const { concurrency } = started.replayer;
        if (concurrency === 1) return { notAsked: 'it takes one history at a time' };
        const reads = [...subject.passing, ...subject.breaking];
        if (reads.length === 0) return { notAsked: 'no history was given' };
        const expected = new Map<Read, string>();
        for (const read of reads) {
          const alone = await resultOf(started, replayRequest(read));
          if ('broken' in alone) return alone;
          expected.set(read, alone.outcome);
        }
        const inHand = Array.from({ length: concurrency }, (_, number) => {
          const read = reads[number % reads.length] as Read;
          return { read, message: { ...replayRequest(read), id: `conformance ${number}` } };
        });
        const results = await Promise.all(inHand.map(({ message }) => resultOf(started, message)));
        for (const [number, result] of results.entries()) {
          const { read } = inHand[number] as (typeof inHand)[number];
          if ('broken' in result) return { broken: `${name(read)}: ${result.broken}` };
          if (result.outcome !== expected.get(read)) {
            return {
              broken: `${name(read)}: ${expected.get(read) ?? ''} alone, ${result.outcome} beside ${concurrency - 1} others`,
            };
          }
        }
        return 'met';
      }),
  },
  {
    name: 'gives the same outcomes when it records',
    run: (subject) =>
      withReplayer(subject, async (started) => {
        const reads = [...subject.passing, ...subject.breaking];
        if (reads.length === 0) return { notAsked: 'no history was given' };
        for (const read of reads) {
          const plain = await resultOf(started, replayRequest(read));
          const recorded = await resultOf(started, replayRequest(read, true));
          if ('broken' in plain) return plain;
          if ('broken' in recorded) return recorded;
          if (plain.outcome !== recorded.outcome) {
            return {
              broken: `${name(read)}: ${plain.outcome} without recording, ${recorded.outcome} with it`,
            };
          }
        }
        return 'met';
      }),
  },
  {
    name: "records commands that agree with history's own",
    run: (subject) =>
      withReplayer(subject, async (started) => {
        if (subject.passing.length === 0) return { notAsked: 'no passing history was given' };
        for (const read of subject.passing) {
          const result = await resultOf(started, replayRequest(read, true));
          if ('broken' in result) return result;
          const { commands } = result;
          if (commands === undefined) return { notAsked: 'it records nothing' };
          const problem = recordProblem(read, commands);
          if (problem !== undefined) return { broken: `${name(read)}: ${problem}` };
        }
        return 'met';
      }),
  },
  ...(['end', 'the end of its standard input'] as const).map((how) => ({
    name: `ends on ${how}`,
    run: (subject: Subject) =>
      withReplayer(subject, async ({ replayer }) =>
        (await replayer.endBy(how === 'end' ? 'message' : 'end of input', END_MS))
          ? 'met'
          : { broken: `it still ran after ${END_MS / 1000} s` },
      ),
  })),
];

async function replayed(
  subject: Subject,
  reads: readonly Read[],
  problemOf: (result: ResultMessage) => string | undefined,
): Promise<Answer> {
  if (reads.length === 0) return { notAsked: 'no such history was given' };
  return withReplayer(subject, async (started) => {
    // Twice, because one replay must not change the next.
    for (const read of [...reads, ...reads]) {
      const result = await resultOf(started, replayRequest(read));
      if ('broken' in result) return { broken: `${name(read)}: ${result.broken}` };
      const problem = problemOf(result);
      if (problem !== undefined) return { broken: `${name(read)}: ${problem}` };
    }
    return 'met';
  });
}

function recordProblem(
  { history }: Read,
  commands: NonNullable<ResultMessage['commands']>,
): string | undefined {
  const { events } = HistoryMessage.decode(history.bytes);
  const starts = new Set(
    events
      .filter(({ eventType }) => eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED)
      .map(eventIdOf),
  );
  const astray = commands.find(({ historyLength }) => !starts.has(historyLength));
  if (astray !== undefined) {
    return `historyLength ${astray.historyLength} of ${astray.command} is not the event ID of a WorkflowTaskStarted`;
  }
  const { mismatch } = layBeside(temporalReader.readHistory(history.bytes), commands);
  if (mismatch === undefined) return undefined;
  return `history and the recorded commands differ (${mismatch.kind}) at ${JSON.stringify(
    'issued' in mismatch ? mismatch.issued : { expected: mismatch.expected.command },
  )}`;
}

function name({ execution }: Read): string {
  return `${execution.workflowType} ${execution.workflowId}`;
}
