import { setMaxListeners } from 'node:events';

/**
 * A signal that is aborted after so many milliseconds, or when another one is.
 *
 * `AbortSignal.any` over `AbortSignal.timeout` says the same and cannot be relied on: in Node 20 nothing
 * holds the second one, and once it is collected its time never runs out.
 */
export function abortedAfter(milliseconds: number, signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  if (signal.aborted) {
    controller.abort(signal.reason);
    return controller.signal;
  }
  // Each request listens once, until its time is over.
  setMaxListeners(0, signal);
  const forward = (): void => {
    clearTimeout(timer);
    controller.abort(signal.reason);
  };
  const timer = setTimeout(() => {
    signal.removeEventListener('abort', forward);
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  }, milliseconds);
  timer.unref();
  signal.addEventListener('abort', forward, { once: true });
  return controller.signal;
}
