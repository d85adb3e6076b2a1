import { failure, type Answer, type Asked } from './exchange.js';

/** What happens to a request instead of a proper answer. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly message?: string }
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds?: number }
  /** A proper answer, but late. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** Status 200 with something that is not JSON. */
  | { readonly kind: 'malformed' }
  /** Status 200 with JSON that is not what was asked for. */
  | { readonly kind: 'other'; readonly body: unknown }
  /** A proper answer, of which this share comes before the connection is closed. */
  | { readonly kind: 'truncated'; readonly keep: number }
  /** The connection stays open, and no answer comes. */
  | { readonly kind: 'silent' }
  /** The connection is closed without an answer. */
  | { readonly kind: 'hang-up' };

/** Which requests a fault spoils: by default all, for ever. */
export interface FaultScope {
  readonly method?: string;
  /** Matches the path, without the query. */
  readonly path?: RegExp;
  readonly times?: number;
}

const MESSAGES: Readonly<Record<number, string>> = {
  401: 'Bad credentials',
  403: 'Resource not accessible by integration',
  404: 'Not Found',
  500: 'Server Error',
};

/** The faults in force, the oldest first. */
export class Faults {
  private readonly active: { fault: Fault; scope: FaultScope; left: number }[] = [];

  /** @returns a function that ends it. */
  add(fault: Fault, scope: FaultScope): () => void {
    const added = { fault, scope, left: scope.times ?? Infinity };
    this.active.push(added);
    return () => {
      added.left = 0;
    };
  }

  /** The fault that this request meets, which thereby counts as used once. */
  take({ method, path }: Asked): Fault | undefined {
    const met = this.active.find(
      ({ left, scope }) =>
        left > 0 &&
        (scope.method === undefined || scope.method === method) &&
        (scope.path === undefined || scope.path.test(path)),
    );
    if (met === undefined) return undefined;
    met.left--;
    return met.fault;
  }
}

/** Of faults that are an answer of their own; the others spoil how a proper one arrives. */
export function faultAnswer(
  fault: Exclude<Fault, { kind: 'slow' | 'hang-up' | 'truncated' | 'silent' }>,
): Answer {
  switch (fault.kind) {
    case 'status':
      return failure(fault.status, fault.message ?? MESSAGES[fault.status] ?? 'Failed');
    case 'rate-limited':
      return {
        ...failure(403, 'API rate limit exceeded for installation.'),
        headers: {
          'retry-after': String(fault.retryAfterSeconds ?? 60),
          'x-ratelimit-remaining': '0',
        },
      };
    case 'malformed':
      return { status: 200, body: '<html><body>Unicorn!' };
    case 'other':
      return { status: 200, body: JSON.stringify(fault.body) };
  }
}
