/**
 * Visibility queries from values. Only values without quotes, backslashes and control characters get
 * here (inputs and claims refuse the others), because stores escape those differently; checking once
 * more costs nothing and keeps an injection impossible even when a caller forgets.
 */
export function versionSetQuery(
  taskQueues: readonly string[],
  buildIds: readonly string[],
  userQuery: string | undefined,
): string {
  // What workers of a version set write into BuildIds. An execution that has completed no workflow
  // task yet lacks it and is not found: it has no history to replay either.
  const versioned = buildIds.map((buildId) => `versioned:${buildId}`);
  const clauses = [anyOf('TaskQueue', taskQueues), anyOf('BuildIds', versioned)];
  if (userQuery !== undefined) clauses.push(`(${userQuery})`);
  return clauses.join(' AND ');
}

function anyOf(attribute: string, values: readonly string[]): string {
  const [first] = values;
  if (first === undefined) throw new Error(`a query needs at least one value for ${attribute}`);
  if (values.length === 1) return `${attribute} = ${quoted(first)}`;
  return `${attribute} IN (${values.map(quoted).join(', ')})`;
}

function quoted(value: string): string {
  if (/['"`\\]|\p{C}/u.test(value)) {
    throw new Error('a value with a quote, a backslash or a control character reached a query');
  }
  return `"${value}"`;
}
