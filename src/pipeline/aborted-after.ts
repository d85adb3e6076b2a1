import { setMaxListeners } from 'node:events';

/**
 * A signal that is aborted after so many milliseconds, or when the other signal is.
 *
 * `AbortSignal.any` over `AbortSignal.timeout` is not reliable: in Node 20 nothing references the timeout
 * signal, and once it is garbage-collected it never fires.
 */
export function abortedAfter(milliseconds: number, signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  if (signal.aborted) {
    controller.abort(signal.reason);
    return controller.signal;
  }
  // Each request adds a listener until its time is over.
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
