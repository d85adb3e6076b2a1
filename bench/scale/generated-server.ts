import proto from '@temporalio/proto';
import { createRequire } from 'node:module';
import type * as Grpc from '@grpc/grpc-js';
import { recordedHistories } from './recorded-histories.js';

/**
 * A Temporal frontend that makes up its executions, as a program of its own: a real server would take hours to
 * be filled with as many. It answers what the gate asks, with histories that a real server recorded, and counts.
 *
 * tsx generated-server.ts EXECUTIONS
 *
 * Prints its port, and on every line of its input the requests so far, by method, as JSON.
 */
const count = Number(process.argv[2]);

// The client's own copy of gRPC: no other is needed.
const grpc = createRequire(createRequire(import.meta.url).resolve('@temporalio/client'))(
  '@grpc/grpc-js',
) as typeof Grpc;

const api = proto.temporal.api;
const { EventType } = api.enums.v1;
const service = api.workflowservice.v1;
const history = (await recordedHistories(8)).map((one) => {
  const { events } = api.history.v1.History.decode(Buffer.from(one.history, 'base64'));
  return { ...one, events };
});

const requests: Record<string, number> = {};

interface Coder {
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
}

/** One method of the service: how its messages are coded, and what it answers. */
function method(
  name: string,
  request: unknown,
  response: unknown,
  answer: (asked: never) => object,
) {
  const [asked, answered] = [request, response] as [Coder, Coder];
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
      respond: Grpc.sendUnaryData<object>,
    ): void => {
      requests[name] = (requests[name] ?? 0) + 1;
      try {
        respond(null, answer(call.request as never));
      } catch (error) {
        respond({ code: grpc.status.INTERNAL, details: String(error) });
      }
    },
  };
}

function list({
  nextPageToken,
  pageSize,
}: {
  nextPageToken: Uint8Array;
  pageSize: number;
}): object {
  const from = Number(Buffer.from(nextPageToken).toString('utf8') || '0');
  const to = Math.min(count, from + pageSize);
  const executions = Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    return {
      execution: { workflowId: `generated-${number}`, runId: runIdOf(number) },
      type: { name: templateOf(number).workflowType },
      startTime: { seconds: 1_790_000_000 + number, nanos: 0 },
      status: api.enums.v1.WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING,
      taskQueue: 'scale',
    };
  });
  return { executions, nextPageToken: Buffer.from(to < count ? String(to) : '') };
}

function read({ execution }: { execution: { workflowId: string } }): object {
  const number = Number(execution.workflowId.split('-')[1]);
  const { events } = templateOf(number);
  // What runs has no end yet.
  const open = events.filter(
    ({ eventType }) => eventType !== EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
  );
  const [started] = open;
  const attributes = started?.workflowExecutionStartedEventAttributes;
  if (attributes == null) throw new Error('a recorded history does not begin with its start');
  const own = {
    ...attributes,
    workflowId: execution.workflowId,
    originalExecutionRunId: runIdOf(number),
    firstExecutionRunId: runIdOf(number),
  };
  return {
    history: {
      events: [{ ...started, workflowExecutionStartedEventAttributes: own }, ...open.slice(1)],
    },
  };
}

function templateOf(number: number): (typeof history)[number] {
  return history[number % history.length] as (typeof history)[number];
}

function runIdOf(number: number): string {
  return `5ca1e000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

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
    read,
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
console.log(String(port));
process.stdin.on('data', () => console.log(JSON.stringify(requests)));
process.stdin.on('end', () => process.exit(0));
