import proto from '@temporalio/proto';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as Grpc from '@grpc/grpc-js';

const { temporal } = proto;
const service = temporal.api.workflowservice.v1;

type IHistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;
type Status = keyof typeof temporal.api.enums.v1.WorkflowExecutionStatus;

export interface GeneratedExecution {
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  /** Seconds since 1970. */
  readonly startTime: number;
  /** By default it runs. */
  readonly status?: Status;
  /** Events that the listing tells; a real server tells those of closed executions only. */
  readonly historyLength?: number;
}

export interface GeneratedServerOptions {
  /** In the order in which they are listed. Looked at anew by each request. */
  readonly executions: {
    readonly count: number;
    at(number: number): GeneratedExecution;
    /** Undefined: it is gone. */
    events(workflowId: string, runId: string): readonly IHistoryEvent[] | undefined;
  };
  /** Milliseconds before each answer. */
  readonly latencyMs?: number;
  /** Executions on a page of a listing; by default as many as it is asked for. */
  readonly listed?: number;
  /** Events on a page of a history. */
  readonly eventsOnPage?: number;
  /** Answers a request in the server's place, by its number among those of its method, from 0. */
  readonly interfere?: (method: string, call: number) => Interference | undefined;
}

export type Interference =
  | { readonly kind: 'refuse'; readonly code: number; readonly message: string }
  /** Never answers. */
  | { readonly kind: 'stall' };

export interface GeneratedServer {
  readonly address: string;
  /** Requests so far, by method. */
  readonly requests: Readonly<Record<string, number>>;
  /** Workflow IDs whose histories were asked for, one for each page. */
  readonly read: readonly string[];
  stop(): Promise<void>;
}

interface Coder {
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
}

/** One answer, or undefined where it is not there. */
type Answer = (asked: never) => object | undefined;

/**
 * A Temporal frontend that makes up its executions: a real server would take hours to be filled with as many,
 * and cannot be told what to do wrong. It answers what the gate asks with `versioning: none`, and counts.
 */
export async function startGeneratedServer(
  options: GeneratedServerOptions,
): Promise<GeneratedServer> {
  const { executions, latencyMs = 0, eventsOnPage = Number.POSITIVE_INFINITY } = options;
  // The client's own copy of gRPC: no other is needed.
  const grpc = createRequire(createRequire(import.meta.url).resolve('@temporalio/client'))(
    '@grpc/grpc-js',
  ) as typeof Grpc;
  const requests: Record<string, number> = {};
  const read: string[] = [];

  const list = (asked: { nextPageToken: Uint8Array; pageSize: number }): object => {
    const from = Number(Buffer.from(asked.nextPageToken).toString('utf8') || '0');
    // As the server takes it: who names no size gets the largest page.
    const size = options.listed ?? (asked.pageSize > 0 ? asked.pageSize : 1000);
    const to = Math.min(executions.count, from + size);
    return {
      executions: Array.from({ length: to - from }, (_, index) =>
        info(executions.at(from + index)),
      ),
      nextPageToken: Buffer.from(to < executions.count ? String(to) : ''),
    };
  };
  const readHistory = (asked: {
    execution: { workflowId: string; runId: string };
    nextPageToken: Uint8Array;
  }): object | undefined => {
    const { workflowId, runId } = asked.execution;
    read.push(workflowId);
    const events = executions.events(workflowId, runId);
    if (events === undefined) return undefined;
    const from = Number(Buffer.from(asked.nextPageToken).toString('utf8') || '0');
    const to = Math.min(events.length, from + eventsOnPage);
    return {
      history: { events: events.slice(from, to) },
      nextPageToken: Buffer.from(to < events.length ? String(to) : ''),
    };
  };
  const method = (name: string, request: unknown, response: unknown, answer: Answer) => {
    const [asked, answered] = [request, response] as [Coder, Coder];
    const respond = async (
      call: Grpc.ServerUnaryCall<unknown, object>,
      send: Grpc.sendUnaryData<object>,
    ): Promise<void> => {
      const number = requests[name] ?? 0;
      requests[name] = number + 1;
      const interference = options.interfere?.(name, number);
      if (interference?.kind === 'stall') return;
      if (latencyMs > 0) await sleep(latencyMs);
      if (interference?.kind === 'refuse') {
        const { code, message } = interference;
        send(Object.assign(new Error(message), { code, details: message }));
        return;
      }
      try {
        const message = answer(call.request as never);
        if (message !== undefined) send(null, message);
        else send({ code: grpc.status.NOT_FOUND, details: 'workflow not found for ID' });
      } catch (error) {
        send({ code: grpc.status.INTERNAL, details: String(error) });
      }
    };
    return {
      definition: {
        path: `/temporal.api.workflowservice.v1.WorkflowService/${name}`,
        requestStream: false,
        responseStream: false,
        requestSerialize: (message: object) => Buffer.from(asked.encode(message).finish()),
        requestDeserialize: (bytes: Buffer) => asked.decode(bytes),
        responseSerialize: (message: object) => Buffer.from(answered.encode(message).finish()),
        responseDeserialize: (bytes: Buffer) => answered.decode(bytes),
      },
      handler: (
        call: Grpc.ServerUnaryCall<unknown, object>,
        send: Grpc.sendUnaryData<object>,
      ): void => void respond(call, send),
    };
  };
  const methods = [
    method('GetSystemInfo', service.GetSystemInfoRequest, service.GetSystemInfoResponse, () => ({
      serverVersion: '1.32.2',
      capabilities: {},
    })),
    method(
      'ListWorkflowExecutions',
      service.ListWorkflowExecutionsRequest,
      service.ListWorkflowExecutionsResponse,
      list,
    ),
    method(
      'GetWorkflowExecutionHistory',
      service.GetWorkflowExecutionHistoryRequest,
      service.GetWorkflowExecutionHistoryResponse,
      readHistory,
    ),
  ];
  const server = new grpc.Server();
  server.addService(
    Object.fromEntries(methods.map(({ definition }) => [definition.path, definition])),
    Object.fromEntries(methods.map(({ definition, handler }) => [definition.path, handler])),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    requests,
    read,
    stop: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

function info(execution: GeneratedExecution): object {
  const { workflowId, runId, workflowType, startTime, historyLength } = execution;
  const status: Status = execution.status ?? 'WORKFLOW_EXECUTION_STATUS_RUNNING';
  const isOpen = status === 'WORKFLOW_EXECUTION_STATUS_RUNNING';
  return {
    execution: { workflowId, runId },
    type: { name: workflowType },
    startTime: { seconds: startTime, nanos: 0 },
    ...(isOpen ? {} : { closeTime: { seconds: startTime + 60, nanos: 0 } }),
    status: temporal.api.enums.v1.WorkflowExecutionStatus[status],
    ...(historyLength === undefined ? {} : { historyLength }),
    taskQueue: 'scale',
  };
}
