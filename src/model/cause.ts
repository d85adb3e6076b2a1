/**
 * Why the code diverges from history, as far as the alignment shows. Each cause has a page in docs/causes/
 * with an example and a remedy. A test compares the two lists.
 */
export const CAUSES = [
  'command-added',
  'command-removed',
  'command-replaced',
  'commands-reordered',
  'command-moved',
  'identifier-differs',
  'workflow-ends-earlier',
  'workflow-ends-later',
  'workflow-ends-otherwise',
  'patch-removed',
  'patch-renamed',
  'patch-deprecated-early',
  'version-range-left',
  'signal-handler-missing',
  'update-handler-missing',
  'nondeterministic-source',
  'workflow-type-missing',
  'workflow-threw',
  'payload-not-decodable',
  'setup-differs',
  'sdk-changed',
  'sdk-too-old',
  'unknown',
] as const;

export type Cause = (typeof CAUSES)[number];
