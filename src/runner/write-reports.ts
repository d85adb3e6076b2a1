import { join, parse } from 'node:path';
import { writeWhole } from '../files/write-whole.js';
import { ENGINES } from '../machine/engines.js';
import type { Report } from '../model/report.js';
import { formatOf } from '../model/report-format.js';
import type { Settings } from '../model/settings.js';
import { messageOf } from '../model/user-error.js';
import type { FindingOptions } from '../report/finding-section.js';
import { renderReport } from '../report/render-report.js';
import { logLine } from '../untrusted/log-line.js';

/** Paths to write, and whom to tell that one cannot be written. */
export interface ReportFiles {
  readonly paths: readonly string[];
  readonly tell: (warning: string) => void;
}

/**
 * Writes a report to each path, in the form that its suffix says. One that cannot be made or written is told, costs none
 * of the others, and changes no verdict.
 *
 * @param index from 0: of several reports the first gets the name that was asked for, and the others `report-2.json`
 * @returns the paths that are written
 */
export function writeReports(
  report: Report,
  index: number,
  { paths, tell }: ReportFiles,
  { engine }: Pick<Settings, 'engine'>,
  options: FindingOptions,
): readonly string[] {
  return [...new Set(paths.map((path) => numbered(path, index)))].filter((path) => {
    try {
      writeWhole(
        path,
        renderReport(formatOf(path) ?? 'json', report, options, ENGINES[engine].reader),
      );
      return true;
    } catch (error) {
      tell(logLine(`The report ${path} cannot be written: ${messageOf(error)}`));
      return false;
    }
  });
}

/** `report.json`, then `report-2.json`, `report-3.json`. */
function numbered(path: string, index: number): string {
  if (index === 0) return path;
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}-${index + 1}${ext}`);
}
