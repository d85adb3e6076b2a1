/** Aborts the controller when the signal is aborted, and at once if it is aborted already. */
export function abortWith(controller: AbortController, signal: AbortSignal): void {
  const forward = (): void => controller.abort(signal.reason);
  if (signal.aborted) forward();
  else signal.addEventListener('abort', forward, { once: true });
}
