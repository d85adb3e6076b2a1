/**
 * Why history and the code part, as far as the alignment shows it. Each has a page in docs/causes/ with
 * an example and its remedy; a test holds the two lists together.
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
