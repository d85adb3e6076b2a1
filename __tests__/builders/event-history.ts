import { EventType, HistoryMessage, type IHistoryEvent } from '../../src/temporal/history/proto.js';

type EventTypeName = keyof typeof EventType extends `EVENT_TYPE_${infer Name}` ? Name : never;

/** An Event History, event by event, in the words of workflow code. Event IDs count themselves. */
export class EventHistory {
  private readonly objects: Record<string, unknown>[] = [];

  constructor(workflowType = 'orderWorkflow', attributes: object = {}) {
    this.add('WORKFLOW_EXECUTION_STARTED', {
      workflowExecutionStartedEventAttributes: {
        workflowId: 'order-1',
        originalExecutionRunId: 'run-1',
        workflowType: { name: workflowType },
        taskQueue: { name: 'orders' },
        ...attributes,
      },
    });
  }

  /** A workflow task that was scheduled, started and completed; its commands follow. */
  task(completed: object = {}): this {
    this.openTask();
    return this.add('WORKFLOW_TASK_COMPLETED', {
      workflowTaskCompletedEventAttributes: { startedEventId: this.objects.length, ...completed },
    });
  }

  /** A workflow task that some worker is at. */
  openTask(): this {
    return this.add('WORKFLOW_TASK_SCHEDULED').add('WORKFLOW_TASK_STARTED');
  }

  /** The failed workflow task with which a reset begins the new run. */
  resetTo(newRunId: string): this {
    return this.add('WORKFLOW_TASK_FAILED', {
      workflowTaskFailedEventAttributes: {
        cause: 'WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW',
        newRunId,
      },
    });
  }

  terminated(identity: string): this {
    return this.add('WORKFLOW_EXECUTION_TERMINATED', {
      workflowExecutionTerminatedEventAttributes: { identity },
    });
  }

  activity(name: string, activityId = '1'): this {
    return this.add('ACTIVITY_TASK_SCHEDULED', {
      activityTaskScheduledEventAttributes: { activityId, activityType: { name } },
    });
  }

  activityDone(): this {
    return this.add('ACTIVITY_TASK_STARTED').add('ACTIVITY_TASK_COMPLETED');
  }

  /** @param startToFireTimeout a protobuf duration */
  timer(timerId = '1', startToFireTimeout?: object): this {
    return this.add('TIMER_STARTED', {
      timerStartedEventAttributes: {
        timerId,
        ...(startToFireTimeout === undefined ? {} : { startToFireTimeout }),
      },
    });
  }

  timerFired(): this {
    return this.add('TIMER_FIRED');
  }

  child(name: string, workflowId = 'child-1'): this {
    return this.add('START_CHILD_WORKFLOW_EXECUTION_INITIATED', {
      startChildWorkflowExecutionInitiatedEventAttributes: { workflowId, workflowType: { name } },
    });
  }

  /** The marker of `patched(id)`, or of `deprecatePatch(id)`, with the search attribute beside it. */
  patch(id: string, deprecated = false): this {
    const data = Buffer.from(JSON.stringify({ id, deprecated }));
    return this.add('MARKER_RECORDED', {
      markerRecordedEventAttributes: {
        markerName: 'core_patch',
        details: { 'patch-data': { payloads: [{ data }] } },
      },
    }).add('UPSERT_WORKFLOW_SEARCH_ATTRIBUTES', {
      upsertWorkflowSearchAttributesEventAttributes: {
        searchAttributes: { indexedFields: { TemporalChangeVersion: {} } },
      },
    });
  }

  /** The marker of Go's `GetVersion`. */
  version(id: string): this {
    const data = Buffer.from(JSON.stringify(id));
    return this.add('MARKER_RECORDED', {
      markerRecordedEventAttributes: {
        markerName: 'Version',
        details: { 'change-id': { payloads: [{ data }] } },
      },
    });
  }

  /** The marker of a local activity that has ended, as SDKs with a core write it; without a type, it cannot be read. */
  localActivity(type?: string, more: object = {}): this {
    return this.marker(
      'core_local_activity',
      type === undefined ? {} : { data: { activity_type: type, ...more } },
    );
  }

  /** The same, as Go writes it. With a backoff, the SDK calls it again after a timer. */
  goLocalActivity(type: string, backoff = 0): this {
    return this.marker('LocalActivity', { data: { ActivityType: type, Backoff: backoff } });
  }

  /** The same, as Java writes it. */
  javaLocalActivity(type: string, activityId: string, input?: unknown): this {
    return this.marker('LocalActivity', {
      type,
      activityId,
      ...(input === undefined ? {} : { input }),
    });
  }

  sideEffect(): this {
    return this.marker('SideEffect', { data: 1 });
  }

  /** A mutable side effect that has another value than before, as Java writes it. */
  mutableSideEffect(id: string): this {
    return this.marker('MutableSideEffect', { id, data: 1, skipCount: 0 });
  }

  private marker(markerName: string, details: Readonly<Record<string, unknown>>): this {
    return this.add('MARKER_RECORDED', {
      markerRecordedEventAttributes: {
        markerName,
        details: Object.fromEntries(
          Object.entries(details).map(([name, value]) => [
            name,
            { payloads: [{ data: Buffer.from(JSON.stringify(value)) }] },
          ]),
        ),
      },
    });
  }

  signal(signalName: string): this {
    return this.add('WORKFLOW_EXECUTION_SIGNALED', {
      workflowExecutionSignaledEventAttributes: { signalName },
    });
  }

  completed(): this {
    return this.add('WORKFLOW_EXECUTION_COMPLETED');
  }

  /** Any event; without other attributes it has, as the server writes it, empty ones of its own. */
  add(type: EventTypeName, attributes?: object): this {
    const own = type
      .toLowerCase()
      .replace(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase());
    this.objects.push({
      eventId: this.objects.length + 1,
      eventType: EventType[`EVENT_TYPE_${type}`],
      ...(attributes ?? { [`${own}EventAttributes`]: {} }),
    });
    return this;
  }

  get events(): IHistoryEvent[] {
    return HistoryMessage.fromObject({ events: this.objects }).events;
  }

  /** As it crosses to a replayer. */
  get bytes(): Uint8Array {
    return HistoryMessage.encode({ events: this.events }).finish();
  }
}
