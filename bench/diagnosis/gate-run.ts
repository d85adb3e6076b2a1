import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { connected } from '../../src/diagnosis/one-cause.js';
import { withEdits } from '../../src/files/code-copy.js';
import type { ReplayParts } from '../../src/gate/parts.js';
import { proveFixes } from '../../src/gate/prove-fixes.js';
import { mergeProofs } from '../../src/model/proof.js';
import { deadlineOf } from '../../src/pipeline/deadline.js';
import { compareWithBaseline } from '../../src/diagnosis/compare-with-baseline.js';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { DiagnosedFinding, Failure } from '../../src/diagnosis/failure.js';
import { reviewDrift, type DriftRecord } from '../../src/diagnosis/drift.js';
import { FailureCollection } from '../../src/diagnosis/failure-collection.js';
import { mergeFindings } from '../../src/diagnosis/merge-findings.js';
import { oneForEachCause } from '../../src/diagnosis/one-cause.js';
import { recordEach } from '../../src/diagnosis/record-each.js';
import { SampleCollection, type RecordedSample } from '../../src/diagnosis/sample-collection.js';
import { sourceLocation } from '../../src/diagnosis/source-location.js';
import type { Drift } from '../../src/model/drift.js';
import type { Cause } from '../../src/model/cause.js';
import type { Finding } from '../../src/model/finding.js';
import type { SourceLocation } from '../../src/model/source-location.js';
import { isBreak, type Outcome } from '../../src/model/outcome.js';
import type { ResultMessage } from '../../src/replay/protocol.js';
import { replayHistories, type ReplayLimits } from '../../src/replay/replay-histories.js';
import type { ReplayerPool } from '../../src/replay/replayer-pool.js';
import type { Replayers } from '../../src/replay/replayers.js';
import { preparedReads } from '../shipped-replayer.js';
import type { Code, Workbench } from './languages/language.js';
import type { Recorded } from './truth/take-over.js';
import { temporalReader } from '../../src/temporal/reader.js';

/** What the gate says of one history that was taken over. */
export interface GateAnswer {
  readonly outcome: Outcome;
  readonly cause?: Cause;
  readonly location?: SourceLocation;
  readonly headline?: string;
}

/** What the gate says of an edit, from all histories that there are of its workflow. */
export interface EditAnswer {
  /** One for each history that was taken over. */
  readonly answers: readonly GateAnswer[];
  /** What replay lets pass, as far as a report tells it. */
  readonly drift: readonly Drift[];
  /** Whether an execution that the base brought to its close is red. */
  readonly closedIsRed: boolean;
  /** What a report tells of the breaks of all of them: the cause, and the line where one is known. */
  readonly findings: readonly string[];
  /** Absent without a baseline. */
  readonly proof?: ProvenEdit;
}

/** Milliseconds for one history; more than any here needs. */
const LIMIT_MS = 30_000;

interface Judged {
  readonly outcome: Outcome;
  readonly failure?: Failure;
}

/** What the gate gets, beside the edit. */
export interface Histories {
  /** What stands at its cut. */
  readonly takenOver: readonly Recorded[];
  /** What the base brought to its close; production holds such executions too. */
  readonly closed: readonly Recorded[];
  /** What code from before the patches began, where the edit changes patches. */
  readonly older: readonly Recorded[];
}

/** Whether a fix is offered for what breaks, and whether it holds. */
export interface ProvenEdit {
  /** Root causes of the edit, and for how many of them an edit is offered. */
  readonly causes: number;
  readonly offered: readonly string[];
  /** What of all histories of the edit does not pass with what is offered. */
  readonly notPassing: readonly string[];
  /** The text of the edit's file with the fix, where one is offered for all that breaks. */
  readonly fixedText?: string;
}

/** The histories of one edit, replayed: on its code, and on the base what broke. */
export interface Replayed {
  /** One for each history that was taken over. */
  readonly takenOver: readonly Judged[];
  /** One for each execution that the base brought to its close. */
  readonly closed: readonly Judged[];
  /** Of those from before a patch. */
  readonly older: readonly Judged[];
  readonly proof: ProvenEdit;
  /** Told without a baseline, and with it. */
  readonly drift: { readonly alone: readonly Drift[]; readonly compared: readonly Drift[] };
}

/**
 * The gate's own parts, from histories to failures and drift, on the code of an edit and on its base: one
 * process each, and a second recorded replay of what fails, and of what passes two of each shape.
 *
 * @param bases takes the histories on the base
 */
export async function replayEdit(
  workbench: Workbench,
  bases: BaseReplayers,
  edit: Code,
  base: Code,
  { takenOver, closed, older }: Histories,
): Promise<Replayed> {
  const failures = new FailureCollection(temporalReader);
  const outcomes: Outcome[] = [];
  const samples = new SampleCollection();
  let recorded: RecordedSample[] = [];
  await withReplayers(workbench, edit, async (pool, limits) => {
    pool.setWork(takenOver.length);
    await replayHistories(preparedReads(takenOver), pool, limits, (judged) => {
      outcomes.push(judged.outcome);
      failures.add(judged);
      samples.add(judged);
    });
    await replayHistories(preparedReads(closed), pool, limits, (judged) => {
      outcomes.push(judged.outcome);
      failures.add(judged);
      samples.add(judged);
    });
    await replayHistories(preparedReads(older), pool, limits, (judged) => {
      outcomes.push(judged.outcome);
      failures.add(judged);
    });
    await failures.record(pool, LIMIT_MS, limits.stop);
    recorded = await samples.record(pool, LIMIT_MS, limits.stop);
  });
  const onBase = new Map<ResultMessage, ResultMessage>();
  await bases.borrow(workbench, base, async (replayers, limits) => {
    await compareWithBaseline(failures, replayers, limits, temporalReader);
    await recordEach(recorded, replayers, LIMIT_MS, limits.stop, ({ result }, answer) => {
      if (answer.outcome === 'passed') onBase.set(result, answer);
    });
  });
  const proof = await proveEdit(workbench, edit, base, failures, samples, {
    takenOver,
    closed,
    older,
  });
  const judgedOf = ({ execution }: Recorded): Judged => {
    const outcome = outcomes.find((one) => one.execution === execution);
    if (outcome === undefined) throw new Error(`${execution.workflowId} was not replayed`);
    const failure = failures.all.find((one) => one.outcome === outcome);
    return { outcome, ...(failure === undefined ? {} : { failure }) };
  };
  return {
    takenOver: takenOver.map(judgedOf),
    closed: closed.map(judgedOf),
    older: older.map(judgedOf),
    proof,
    drift: {
      alone: toldDrift(recorded, edit.folder, new Map()),
      compared: toldDrift(recorded, edit.folder, onBase),
    },
  };
}

/** The gate's own proof, with a baseline; and then all histories on what it offers. */
async function proveEdit(
  workbench: Workbench,
  edit: Code,
  base: Code,
  failures: FailureCollection,
  samples: SampleCollection,
  { takenOver, closed, older }: Histories,
): Promise<ProvenEdit> {
  const [workspace, baseline] = [edit.folder, base.folder].map((folder) => realpathSync(folder));
  if (workspace === undefined || baseline === undefined) throw new Error('there is no folder');
  const stop = new AbortController().signal;
  let tries = 0;
  const tryEdits: ReplayParts['tryEdits'] = async (edits, signal, work) => {
    const text = withEdits(await readFile(join(workspace, edit.file), 'utf8'), edits);
    const name = `${basename(edit.folder)}-fixed-${(tries += 1)}`;
    const code = await workbench.write(name, edit.file, text);
    const pool = await workbench.startReplayers(code, signal);
    try {
      await work(oneAfterTheOther(pool));
    } finally {
      pool.close();
      await workbench.forgetReplays(code).catch(() => undefined);
    }
  };
  const language = languageOf(edit.file);
  const findings = diagnose(failures.all, { workspace, baseline }, temporalReader, language);
  const proven = await proveFixes(findings, failures, samples, baseline, stop, {
    settings: { workspace, budget: { historyTimeoutMs: LIMIT_MS }, policy: { drift: 'off' } },
    parts: {
      cancelled: stop,
      deadline: deadlineOf(600_000, stop),
      reader: temporalReader,
      tryEdits,
    },
    fetched: { listing: { executions: [], truncated: false } },
    replayers: NO_REPLAYERS,
    replayer: { language, sdkName: '', sdkVersion: '', workflowTypes: undefined },
    baseline: undefined,
    warn: () => undefined,
  });
  const causes = connected(proven);
  const proofs = causes.flatMap((cause) => mergeProofs(cause.map((one) => one.proof)) ?? []);
  const notPassing: string[] = [];
  let fixedText: string | undefined;
  // What breaks in several ways has several edits: each is about its own executions.
  if (proofs.length === 1 && causes.length === 1) {
    const [proof] = proofs;
    fixedText = withEdits(await readFile(join(workspace, edit.file), 'utf8'), proof?.edits ?? []);
    await tryEdits(proof?.edits ?? [], stop, async (replayers) => {
      const limits = {
        historyTimeoutMs: LIMIT_MS,
        stop,
        language,
        languageOf: temporalReader.languageOf,
      };
      await replayers.ready();
      for (const some of [takenOver, closed, older]) {
        await replayHistories(preparedReads(some), replayers, limits, ({ outcome }) => {
          if (outcome.kind !== 'passed') {
            notPassing.push(`${outcome.execution.workflowId}: ${outcome.message ?? outcome.kind}`);
          }
        });
      }
    });
  }
  return {
    causes: causes.length,
    offered: proofs.map(({ diff }) => diff),
    notPassing,
    ...(fixedText === undefined ? {} : { fixedText }),
  };
}

function languageOf(file: string): string {
  const languages = { '.ts': 'typescript', '.py': 'python', '.go': 'go', '.java': 'java' };
  const found = Object.entries(languages).find(([suffix]) => file.endsWith(suffix))?.[1];
  if (found === undefined) throw new Error(`no language of the corpus: ${file}`);
  return found;
}

/** Nothing asks the code as it is once more. */
const NO_REPLAYERS = undefined as unknown as Replayers;

/** What one execution alone shows is counted in a report, and told no further. */
function toldDrift(
  recorded: readonly RecordedSample[],
  folder: string,
  onBase: ReadonlyMap<ResultMessage, ResultMessage>,
): Drift[] {
  const records = recorded.map(({ read, result }): DriftRecord => ({
    execution: read.execution,
    history: read.history.bytes,
    result,
    baseline: onBase.get(result),
  }));
  const root = realpathSync(folder);
  const { differences } = reviewDrift(records, {
    locate: (frame) => sourceLocation(frame, root),
    reader: temporalReader,
  });
  return differences.filter(({ basis }) => basis !== 'one-execution');
}

/**
 * What the gate says of the histories of one edit.
 *
 * @param language as the replayer names it
 * @param base folder of the base, for a gate that has a baseline
 */
export function answersOf(
  replayed: Replayed,
  language: string,
  folder: string,
  base?: string,
): EditAnswer {
  const checkouts = {
    workspace: realpathSync(folder),
    ...(base === undefined ? {} : { baseline: realpathSync(base) }),
  };
  const judged = [...replayed.takenOver, ...replayed.closed, ...replayed.older];
  const failures = judged.flatMap(({ failure }) => {
    if (failure === undefined) return [];
    const { baseline, ...alone } = failure;
    return [base === undefined || baseline === undefined ? alone : { ...alone, baseline }];
  });
  const findings = diagnose(failures, checkouts, temporalReader, language);
  return {
    answers: replayed.takenOver.map(({ outcome }) => {
      const finding = findings.find(({ executions }) =>
        executions.some(({ workflowId }) => workflowId === outcome.execution.workflowId),
      );
      return { outcome, ...answerOf(finding) };
    }),
    drift: base === undefined ? replayed.drift.alone : replayed.drift.compared,
    closedIsRed: replayed.closed.some(({ outcome }) => isBreak(outcome)),
    findings: toldOf(findings, language),
    ...(base === undefined ? {} : { proof: replayed.proof }),
  };
}

/** The findings of a report: one for each root cause. */
function toldOf(findings: readonly DiagnosedFinding[], language: string): string[] {
  const weighed = mergeFindings(findings, [], language).map((finding) => ({
    ...finding,
    weight: { kind: 'decisive', reason: 'an execution breaks' } as const,
  }));
  return oneForEachCause(weighed, [], language).map(
    ({ cause, headline }) => `${cause}: ${headline}`,
  );
}

/** Replayers of the bases, each kept for the next edit of its base: starting one costs more than its replays. */
export class BaseReplayers {
  private readonly idle = new Map<string, ReplayerPool[]>();
  private readonly stop = new AbortController();

  async borrow(
    workbench: Workbench,
    base: Code,
    work: (replayers: Replayers, limits: ReplayLimits) => Promise<void>,
  ): Promise<void> {
    const { signal } = this.stop;
    const idle = this.idle.get(base.folder) ?? [];
    this.idle.set(base.folder, idle);
    const pool = idle.pop() ?? (await workbench.startReplayers(base, signal));
    const { language } = await pool.ready();
    await work(oneAfterTheOther(pool), {
      historyTimeoutMs: LIMIT_MS,
      stop: signal,
      language,
      languageOf: temporalReader.languageOf,
    });
    idle.push(pool);
  }

  close(): void {
    this.stop.abort();
  }
}

/** A pool whose one process is asked again and again: a pool of the gate's ends with its run. */
function oneAfterTheOther(pool: ReplayerPool): Replayers {
  return {
    ready: () => pool.ready(),
    setWork: () => undefined,
    lanes: (work) => [work(0)],
    processes: (work) => [work(0)],
    take: () => pool.take(0),
    countsReach: pool.countsReach,
    takeFresh: () => pool.takeFresh(),
    others: (count, work) => pool.others(count, work),
    reach: () => pool.reach(),
  };
}

async function withReplayers(
  workbench: Workbench,
  code: Code,
  work: (pool: ReplayerPool, limits: ReplayLimits) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const pool = await workbench.startReplayers(code, signal);
  try {
    const { language } = await pool.ready();
    await work(pool, {
      historyTimeoutMs: LIMIT_MS,
      stop: signal,
      language,
      languageOf: temporalReader.languageOf,
    });
  } finally {
    pool.close();
  }
}

function answerOf(finding: Omit<Finding, 'weight'> | undefined): Omit<GateAnswer, 'outcome'> {
  if (finding === undefined) return {};
  const { cause, divergence, headline } = finding;
  const location = 'location' in divergence ? divergence.location : undefined;
  return { cause, headline, ...(location === undefined ? {} : { location }) };
}
