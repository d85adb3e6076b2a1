import proto from '@temporalio/proto';
import type { ConnectionSettings } from '../../src/model/settings.js';
import type { Server } from '../../src/temporal/connection.js';
import { withRawHistory } from '../../src/temporal/raw-history.js';

type Request = Readonly<Record<string, unknown>>;

/** What each request of the service is answered with, or the error that it fails with. */
export type Answers = Readonly<Record<string, (request: Request) => unknown>>;

/** A Temporal server that answers from memory, and the requests that it got. */
export class FakeServer {
  readonly requests: { readonly name: string; readonly request: Request }[] = [];
  readonly settings: ConnectionSettings;
  private readonly answers: Answers;

  constructor(answers: Answers, settings: Partial<ConnectionSettings> = {}) {
    this.answers = answers;
    this.settings = { address: 'localhost:7233', namespace: 'default', ...settings };
  }

  /** As the functions that talk to a server take it: they use its settings and its requests. */
  get server(): Server {
    const service = Object.fromEntries(
      Object.entries(this.answers).map(([name, answer]) => [
        name,
        (request: Request) => {
          this.requests.push({ name, request });
          const given = answer(request);
          return name === 'getWorkflowExecutionHistory' ? asBytes(given) : given;
        },
      ]),
    );
    const fake = {
      settings: this.settings,
      request: async (_: string, call: (of: typeof service) => Promise<unknown>) => call(service),
    };
    return fake as unknown as Server;
  }
}

const { GetWorkflowExecutionHistoryResponse } = proto.temporal.api.workflowservice.v1;

/** As a connection hands histories on. */
async function asBytes(answer: unknown): Promise<unknown> {
  const bytes = GetWorkflowExecutionHistoryResponse.encode((await answer) as object).finish();
  return GetWorkflowExecutionHistoryResponse.decode(withRawHistory(bytes));
}

/** An error as the gRPC client throws it. */
export function grpcError(code: number, name: string, details: string): Error {
  return Object.assign(new Error(`${code} ${name}: ${details}`), { code, details });
}
