import v8 from 'node:v8';
import vm from 'node:vm';

/** A timeout of this length guards nothing: the SDK sets 2^32 - 1 (49 days) where it wants none. */
const NO_TIMEOUT_MS = 2 ** 31;

/**
 * Saves the SDK two costs that replay does not need. Must run before the SDK is loaded.
 *
 * - Each call into a workflow's context passes `timeout` to `runInContext`, which starts a watchdog
 *   thread every time. A replay worker's timeout is the largest there is, and the parent has its own limit.
 * - Promise hooks make V8 call back for every promise, and serve only `__stack_trace` queries. Where
 *   `v8.promiseHooks` is missing, the SDK works without them.
 */
export function accelerate(): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it gets its `this` by call() below
  const runInContext = vm.Script.prototype.runInContext;
  vm.Script.prototype.runInContext = function (context, options) {
    if (typeof options === 'object' && (options.timeout ?? 0) >= NO_TIMEOUT_MS) {
      const { timeout: _, ...rest } = options;
      return runInContext.call(this, context, rest) as unknown;
    }
    return runInContext.call(this, context, options) as unknown;
  };
  Object.defineProperty(v8, 'promiseHooks', { value: undefined, configurable: true });
}

/** The used part of the SDK's logger. Not every release has it. */
interface ComposedLogger {
  readonly LoggerWithComposedMetadata?: {
    readonly prototype: Record<'trace' | 'debug' | 'info', () => void>;
  };
}

/**
 * Saves the SDK log lines that nobody reads: for each activation it collects the workflow's attributes for two
 * lines that the log's level then drops.
 *
 * @param require resolves as the SDK itself does
 */
export function silence(require: NodeJS.Require): void {
  let logger: ComposedLogger;
  try {
    logger = require('@temporalio/common/lib/logger') as ComposedLogger;
  } catch {
    // This release of the SDK has no such file.
    return;
  }
  const prototype = logger.LoggerWithComposedMetadata?.prototype;
  if (prototype === undefined) return;
  for (const level of ['trace', 'debug', 'info'] as const) {
    if (typeof prototype[level] === 'function') prototype[level] = () => undefined;
  }
}
