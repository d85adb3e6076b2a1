import type { GateParts, GateSettings } from '../../src/gate/parts.js';
import type { Subject } from '../../src/model/subject.js';
import { prepareEvents } from '../../src/temporal/history/prepare-history.js';
import type { Execution } from '../../src/model/execution.js';
import type { HistoryRead } from '../../src/model/history.js';
import type { VersionSetTarget } from '../../src/model/target.js';
import { deadlineOf, type Deadline } from '../../src/pipeline/deadline.js';
import { EventHistory } from './event-history.js';
import { FakeReplayers } from './fake-replayers.js';
import { temporalReader } from '../../src/temporal/reader.js';

export const COMMIT = '5a6b7c8d9e0f5a6b7c8d9e0f5a6b7c8d9e0f5a6b';

export const BASE_COMMIT = 'b'.repeat(40);

export const NOW = new Date('2026-10-01T12:00:00Z');

export function aSubject(changes: Partial<Subject> = {}): Subject {
  return {
    title: '[compatible-v1.0] Wait a second before finishing',
    commit: COMMIT,
    acceptedCommits: [COMMIT],
    ...changes,
  };
}

export function aVersionSetTarget(changes: Partial<VersionSetTarget> = {}): VersionSetTarget {
  return {
    kind: 'version-set',
    address: 'localhost:7233',
    namespace: 'default',
    buildId: 'v1.0',
    sets: [{ taskQueue: 'orders', buildIds: ['v1.0', 'v1.1'] }],
    query: 'TaskQueue = "orders" AND BuildIds IN ("versioned:v1.0", "versioned:v1.1")',
    ...changes,
  };
}

export function gateSettings(changes: Partial<GateSettings> = {}): GateSettings {
  return {
    claimPosition: 'start',
    passesUnclaimedForks: false,
    workspace: '/workspace',
    budget: {
      maxHistories: 1000,
      maxReads: 5000,
      timeBudgetMs: 60_000,
      historyTimeoutMs: 1000,
      select: 'coverage',
      replayConcurrency: 1,
      fetchConcurrency: 5,
      maxRequestsPerSecond: undefined,
    },
    policy: {
      closed: 'predict',
      closedWindowMs: 604_800_000,
      onNoClaim: 'pass',
      onUnknownBuild: 'fail',
      onNoHistories: undefined,
      drift: 'off',
    },
    ...changes,
  };
}

/** A history in which one workflow task was completed. */
export function aRead(execution: Execution): HistoryRead {
  const history = prepareEvents(new EventHistory(execution.workflowType).task().timer().events);
  return { kind: 'read', execution, history };
}

/** A deadline that is over when a test says so. */
export class FakeDeadline implements Deadline {
  /** How many claims had something to replay. */
  begun = 0;
  readonly endReplays = new AbortController();
  readonly endCauses = new AbortController();
  readonly endSpare = new AbortController();
  readonly replays = this.endReplays.signal;

  begin(): void {
    this.begun += 1;
  }

  causes(): AbortSignal {
    return this.endCauses.signal;
  }

  spare(): AbortSignal {
    return this.endSpare.signal;
  }

  /** As when replays have used the budget up. */
  end(): void {
    this.endReplays.abort();
    this.endSpare.abort();
  }
}

/** The outside world of a gate: a title that claims v1.0, and a server that holds some executions. */
export class FakeParts implements GateParts {
  readonly replayers: FakeReplayers;
  readonly calls: string[] = [];
  private readonly controller = new AbortController();
  readonly cancelled = this.controller.signal;
  deadline: Deadline = deadlineOf(gateSettings().budget.timeBudgetMs, this.cancelled);
  private readonly executions: readonly Execution[];

  constructor(executions: readonly Execution[] = [], replayers = new FakeReplayers()) {
    this.executions = executions;
    this.replayers = replayers;
  }

  cancel(): void {
    this.controller.abort(new Error('the job was cancelled'));
  }

  readonly seed = 1;
  readonly reader = temporalReader;

  now(): Date {
    return NOW;
  }

  readSubject: GateParts['readSubject'] = () => this.called('readSubject', aSubject());
  checkSubject: GateParts['checkSubject'] = () => this.called('checkSubject', undefined);
  recheckSubject: GateParts['recheckSubject'] = () => this.called('recheckSubject', undefined);

  startReplayers: GateParts['startReplayers'] = () => {
    this.calls.push('startReplayers');
    return this.replayers;
  };

  /** From now on there is a baseline, which these replay. */
  useBaseline(replayers: FakeReplayers, onStart: () => void = () => undefined): void {
    this.openBaseline = () =>
      Promise.resolve({
        kind: 'usable',
        commit: BASE_COMMIT,
        directory: '/baseline',
        startReplayers: () => {
          onStart();
          return replayers;
        },
      });
  }

  openBaseline: GateParts['openBaseline'] = () => this.called('openBaseline', undefined);

  /** No edit can be tried; a test gives what an edited copy does. */
  tryEdits: GateParts['tryEdits'] = () => Promise.reject(new Error('no copy'));

  resolveTarget: GateParts['resolveTarget'] = ({ buildId }) =>
    this.called('resolveTarget', { kind: 'found', target: aVersionSetTarget({ buildId }) });

  listExecutions: GateParts['listExecutions'] = () =>
    this.called('listExecutions', { executions: this.executions, truncated: false });

  readHistories: GateParts['readHistories'] = async function* (executions) {
    await Promise.resolve();
    for (const execution of executions) yield aRead(execution);
  };

  claimable: GateParts['claimable'] = () =>
    this.called('claimable', 'Live versions, to copy: [compatible-v1.1].');
  readRetention: GateParts['readRetention'] = () =>
    this.called('readRetention', 3 * 24 * 60 * 60 * 1000);
  explainNoMatch: GateParts['explainNoMatch'] = () =>
    this.called('explainNoMatch', { kind: 'empty', explanation: 'The namespace holds none.' });

  findLeftByReset: GateParts['findLeftByReset'] = () => this.called('findLeftByReset', new Set());

  progress(): void {
    this.calls.push('progress');
  }

  effort(): ReturnType<GateParts['effort']> {
    return undefined;
  }

  close: GateParts['close'] = () => this.called('close', undefined);

  private called<T>(name: string, value: T): Promise<T> {
    this.calls.push(name);
    return Promise.resolve(value);
  }
}
