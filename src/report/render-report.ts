import type { HistoryReader } from '../engine/history-reader.js';
import type { Report } from '../model/report.js';
import type { ReportFormat } from '../model/report-format.js';
import type { FindingOptions } from './finding-section.js';
import { renderHtmlReport } from './html/page.js';
import { renderJsonReport } from './json-report.js';
import { renderJunitReport } from './junit-report.js';
import { renderSarifReport } from './sarif-report.js';

/** The whole report, in the form that somebody asked for. */
export function renderReport(
  format: ReportFormat,
  report: Report,
  options: FindingOptions,
  reader: Pick<HistoryReader, 'readMessage'>,
): string {
  switch (format) {
    case 'json':
      return renderJsonReport(report, options.showWorkflowIds, reader);
    case 'junit':
      return renderJunitReport(report, options.showWorkflowIds);
    case 'sarif':
      return renderSarifReport(report, options);
    case 'html':
      return renderHtmlReport(report, options);
  }
}
