import v8 from 'node:v8';
import vm from 'node:vm';

/** From here on a time-out guards nothing: where the SDK wants none, it sets 2^32 - 1 (49 days). */
const NO_TIMEOUT_MS = 2 ** 31;

/**
 * Takes two costs off the SDK that replay does not need. Must run before the SDK is loaded.
 *
 * Each call into a workflow's context passes `timeout` to `runInContext`, which starts a watchdog
 * thread every time; the replay worker's timeout is the largest there is, and the parent's wall-clock
 * limit guards anyway. And promise hooks, which serve only `__stack_trace` queries, make V8 call back
 * for every promise; the SDK does without them where `v8.promiseHooks` is missing.
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

/** The part of the SDK's logger that is looked at; releases differ in whether it is there. */
interface ComposedLogger {
  readonly LoggerWithComposedMetadata?: {
    readonly prototype: Record<'trace' | 'debug' | 'info', () => void>;
  };
}

/**
 * Keeps the SDK from putting together what it has to say at levels that nobody hears: for each activation it
 * collects the workflow's attributes for two lines that the log's level then drops.
 *
 * @param require resolves as the SDK itself does
 */
export function silence(require: NodeJS.Require): void {
  let logger: ComposedLogger;
  try {
    logger = require('@temporalio/common/lib/logger') as ComposedLogger;
  } catch {
    // An SDK that has no such file says what it says.
    return;
  }
  const prototype = logger.LoggerWithComposedMetadata?.prototype;
  if (prototype === undefined) return;
  for (const level of ['trace', 'debug', 'info'] as const) {
    if (typeof prototype[level] === 'function') prototype[level] = () => undefined;
  }
}
