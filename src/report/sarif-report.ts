import { createHash } from 'node:crypto';
import type { Location, Log, Notification, ReportingDescriptor, Result } from 'sarif';
import { isOpen } from '../model/execution.js';
import type { Finding } from '../model/finding.js';
import type { Report } from '../model/report.js';
import type { SourceLocation } from '../model/source-location.js';
import { readable, truncate } from '../untrusted/readable.js';
import { annotationsBesideVerdict, verdictWords } from './annotations.js';
import { causeWords } from './cause-words.js';
import type { FindingOptions } from './finding-section.js';
import { typesOf } from './hits-words.js';

const MAX_TEXT = 4000;

/**
 * The report as SARIF 2.1.0: a result for each finding, at its line. What has no line is a notification: GitHub refuses
 * a whole file for one result without a place.
 */
export function renderSarifReport(report: Report, options: FindingOptions): string {
  const { verdict, findings, warnings, commit, asOf } = report;
  // Annotations of findings come first, in their order.
  const told = annotationsBesideVerdict(report, options).slice(0, findings.length);
  const results: Result[] = [];
  const notifications: Notification[] = [];
  for (const [index, finding] of findings.entries()) {
    const level = finding.weight.kind === 'decisive' && !verdict.passes ? 'error' : 'warning';
    const message = text((told[index]?.paragraphs ?? []).map(line).join('\n\n'));
    const at = 'location' in finding.divergence ? finding.divergence.location : undefined;
    if (at === undefined) {
      notifications.push({ level, message, descriptor: { id: finding.cause } });
      continue;
    }
    results.push({
      ruleId: finding.cause,
      level,
      message,
      locations: [locationOf(at, finding)],
      partialFingerprints: { 'replayFinding/v1': fingerprint(finding, at) },
      properties: {
        outcome: finding.outcome,
        weight: finding.weight.kind,
        runningExecutions: finding.executions.filter(isOpen).length,
        closedExecutions: finding.executions.filter((one) => !isOpen(one)).length,
      },
    });
  }
  if (!verdict.passes) {
    notifications.push({ level: 'error', message: text(line(verdictWords(report))) });
  }
  for (const warning of warnings) {
    notifications.push({ level: 'warning', message: text(line(warning)) });
  }
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Temporal replay', rules: rulesOf(findings, options) } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            // Whether the check could be made, not whether it is green.
            executionSuccessful: verdict.passes || verdict.kind === 'incompatible',
            startTimeUtc: asOf,
            toolExecutionNotifications: notifications,
          },
        ],
        results,
        properties: { verdict: verdict.kind, reason: verdict.reason, commit: commit ?? null },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rulesOf(findings: readonly Finding[], { docsUrl }: FindingOptions): ReportingDescriptor[] {
  return [...new Set(findings.map(({ cause }) => cause))].map((cause) => ({
    id: cause,
    shortDescription: text(causeWords(cause)),
    ...(docsUrl === undefined ? {} : { helpUri: `${docsUrl}causes/${cause}.md` }),
  }));
}

function locationOf({ file, line: startLine, column }: SourceLocation, finding: Finding): Location {
  const snippet = finding.lines?.code;
  return {
    physicalLocation: {
      artifactLocation: {
        uri: file.toWellFormed().split('/').map(encodeURIComponent).join('/'),
        uriBaseId: '%SRCROOT%',
      },
      region: {
        startLine,
        ...(column === undefined ? {} : { startColumn: column }),
        ...(snippet === undefined ? {} : { snippet: { text: line(snippet) } }),
      },
    },
  };
}

/** The same for a finding that other edits move to another line, and that other executions show. */
function fingerprint(finding: Finding, { file }: SourceLocation): string {
  const { cause, divergence } = finding;
  // Never an event's ID: another execution may be the example next time.
  const held = 'event' in divergence ? divergence.event.words : undefined;
  return createHash('sha256')
    .update(JSON.stringify([cause, typesOf(finding), file, divergence.kind, held]))
    .digest('hex')
    .slice(0, 32);
}

function text(words: string): { text: string } {
  return { text: words };
}

function line(words: string): string {
  return truncate(readable(words), MAX_TEXT);
}
