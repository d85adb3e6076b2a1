/** In which form a report is written. */
export const REPORT_FORMATS = ['json', 'junit', 'sarif', 'html'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** The suffix of a path decides. The first one that a path ends in counts. */
const BY_SUFFIX: readonly (readonly [string, ReportFormat])[] = [
  // The other name that SARIF's own standard gives its files.
  ['.sarif.json', 'sarif'],
  ['.json', 'json'],
  ['.xml', 'junit'],
  ['.sarif', 'sarif'],
  ['.html', 'html'],
];

/** The suffixes that the input `reports` tells people. */
export const REPORT_SUFFIXES: readonly string[] = ['.json', '.xml', '.sarif', '.html'];

/** Undefined where no suffix is known. */
export function formatOf(path: string): ReportFormat | undefined {
  return BY_SUFFIX.find(([suffix]) => path.toLowerCase().endsWith(suffix))?.[1];
}
