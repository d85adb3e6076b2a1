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

  timer(timerId = '1'): this {
    return this.add('TIMER_STARTED', { timerStartedEventAttributes: { timerId } });
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

  /** The result of a local activity; without a type, as a marker that cannot be read. */
  localActivity(type?: string): this {
    const data = Buffer.from(JSON.stringify({ activity_type: type }));
    return this.add('MARKER_RECORDED', {
      markerRecordedEventAttributes: {
        markerName: 'core_local_activity',
        ...(type === undefined ? {} : { details: { data: { payloads: [{ data }] } } }),
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
