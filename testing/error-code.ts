/**
 * Whether an error has this code, be it a system error's (`ENOENT`) or gRPC's.
 *
 * Not by `instanceof Error`: jest runs tests in a realm of their own, in which the system's errors
 * are no instances of its `Error`.
 */
export function hasCode(
  error: unknown,
  code: string | number,
): error is { readonly message: string } {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}
