/** The option `workflowFailureErrorTypes`, which newer releases of the SDK have. */
type FailureTypes = Readonly<Record<string, readonly string[]>>;

/**
 * The same types, without their meaning for non-determinism. With `NondeterminismError` or `Error` among them, a
 * worker fails the workflow where code and history differ. Core then waits for an answer that no replay gets, and
 * never ends. The SDK asks `includes` for Core, and goes through the list for errors that the code throws.
 */
export function withoutNondeterminism(types: FailureTypes): FailureTypes {
  return Object.fromEntries(
    Object.entries(types).map(([workflowType, names]) => [
      workflowType,
      Object.assign([...names], { includes: () => false }),
    ]),
  );
}
