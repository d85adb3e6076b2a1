import XMLBuilder from 'fast-xml-builder';
import { ByExecution } from '../model/coverage.js';
import type { Finding, FindingGroup } from '../model/finding.js';
import { groupsOf } from '../model/finding.js';
import { isBreak, type Outcome } from '../model/outcome.js';
import type { Report } from '../model/report.js';
import { sentence } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { verdictWords } from './annotations.js';
import { baselineWords } from './baseline-words.js';
import { hitsWords } from './hits-words.js';
import { pullRequestWords } from './verdict-title.js';
import { executionName, type ShowWorkflowIds } from './workflow-ids.js';

const MAX_TEXT = 4000;

/** An element as the builder takes it: attributes begin with `@`. */
type Element = Readonly<Record<string, unknown>>;

interface TestCase {
  readonly element: Element;
  readonly result: 'passed' | 'failure' | 'error' | 'skipped';
}

const builder = new XMLBuilder({
  attributeNamePrefix: '@',
  ignoreAttributes: false,
  // The name "true" would become an attribute without a value.
  suppressBooleanAttributes: false,
  format: true,
});

/**
 * The report as JUnit's XML: the check is a test, and so is each execution, in the suite of its workflow type. A test
 * fails only where the check is red, because whoever reads the file shows a failed test as red.
 */
export function renderJunitReport(report: Report, show: ShowWorkflowIds): string {
  const findingOf = new ByExecution(
    report.findings.flatMap((finding) =>
      groupsOf(finding).flatMap((group) =>
        group.executions.map((execution) => [execution, { finding, group }] as const),
      ),
    ),
  );
  const byType = new Map<string, TestCase[]>();
  for (const [index, outcome] of report.outcomes.entries()) {
    const { execution } = outcome;
    const cases = byType.get(execution.workflowType) ?? [];
    byType.set(execution.workflowType, cases);
    // Where executions are not named, they are numbered: a reader takes tests of one name for one test.
    const name = show === 'false' ? `execution ${index + 1}` : executionName(execution, show);
    cases.push(caseOf(outcome, name, findingOf.get(execution), report));
  }
  const suites = [
    suite('The check', [checkCase(report)], report),
    ...[...byType].map(([type, cases]) => suite(type, cases, report)),
  ];
  const all = [checkCase(report), ...[...byType.values()].flat()];
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      '@name': attribute(`Temporal replay: ${report.verdict.kind} (${report.verdict.reason})`),
      '@tests': String(all.length),
      '@failures': count(all, 'failure'),
      '@errors': count(all, 'error'),
      testsuite: suites,
    },
  });
}

function suite(name: string, cases: readonly TestCase[], { asOf }: Report): Element {
  return {
    '@name': attribute(name),
    '@tests': String(cases.length),
    '@failures': count(cases, 'failure'),
    '@errors': count(cases, 'error'),
    '@skipped': count(cases, 'skipped'),
    '@timestamp': attribute(asOf),
    testcase: cases.map(({ element }) => element),
  };
}

/** The verdict itself, so that a file is red wherever the check is, also without any execution. */
function checkCase(report: Report): TestCase {
  const { verdict, problem, warnings } = report;
  const whose = pullRequestWords(report);
  const element: Element = {
    '@name': attribute(whose === undefined ? 'verdict' : `verdict for ${whose}`),
    '@classname': 'Temporal replay',
  };
  const output = warnings.length === 0 ? {} : { 'system-out': lines(warnings) };
  if (verdict.passes) return { element: { ...element, ...output }, result: 'passed' };
  const result = verdict.kind === 'incompatible' ? 'failure' : 'error';
  const told = {
    '@type': verdict.reason,
    '@message': attribute(verdictWords(report)),
    '#text': lines([
      verdictWords(report),
      ...(problem === undefined
        ? []
        : [problem.found, problem.expected, problem.fix].filter((text) => text !== undefined)),
    ]),
  };
  return { element: { ...element, [result]: told, ...output }, result };
}

function caseOf(
  outcome: Outcome,
  name: string,
  broken: { readonly finding: Finding; readonly group: FindingGroup } | undefined,
  { verdict }: Report,
): TestCase {
  const { kind, execution, message, durationMs } = outcome;
  const element: Element = {
    '@name': attribute(name),
    '@classname': attribute(execution.workflowType),
    ...(durationMs === undefined ? {} : { '@time': (durationMs / 1000).toFixed(3) }),
  };
  const skipped = (...words: readonly string[]): TestCase => ({
    element: { ...element, skipped: lines(words) },
    result: 'skipped',
  });
  if (kind === 'passed') return { element, result: 'passed' };
  if (!isBreak(outcome)) {
    const words = message ?? 'no reason was given';
    if (kind !== 'errored' || verdict.passes) return skipped(`${kind}: ${words}`);
    const error = { '@type': kind, '@message': attribute(words), '#text': lines([words]) };
    return { element: { ...element, error }, result: 'error' };
  }
  if (broken === undefined) return skipped(`${kind}, and no finding tells why`);
  const { finding, group } = broken;
  if (verdict.passes || group.weight.kind !== 'decisive') {
    return skipped(group.headline, `Not red, because ${group.weight.reason}`);
  }
  const { divergence, baseline } = group;
  const at = 'location' in divergence ? divergence.location : undefined;
  const failure = {
    '@type': group.cause,
    '@message': attribute(group.headline),
    '#text': lines([
      ...(at === undefined ? [] : [`At ${at.file}:${at.line}`]),
      sentence(group.headline),
      hitsWords(finding),
      ...(baseline === undefined ? [] : [baselineWords(baseline.relation)]),
      `What to do: ${finding.remedy}`,
    ]),
  };
  return { element: { ...element, failure }, result: 'failure' };
}

function count(cases: readonly TestCase[], result: TestCase['result']): string {
  return String(cases.filter((one) => one.result === result).length);
}

/** Untrusted text as a value: what XML cannot hold is gone. The builder escapes the rest. */
function attribute(text: string): string {
  return truncate(readable(text), MAX_TEXT);
}

function lines(texts: readonly string[]): string {
  return texts.map(attribute).join('\n');
}
