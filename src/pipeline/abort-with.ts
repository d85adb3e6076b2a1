/** Aborts the controller when the signal is aborted, and at once where it is already. */
export function abortWith(controller: AbortController, signal: AbortSignal): void {
  const forward = (): void => controller.abort(signal.reason);
  if (signal.aborted) forward();
  else signal.addEventListener('abort', forward, { once: true });
}
