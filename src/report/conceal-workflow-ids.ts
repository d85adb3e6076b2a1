import type { Drift } from '../model/drift.js';
import type { Execution } from '../model/execution.js';
import { groupsOf, type FindingGroup } from '../model/finding.js';
import type { Report } from '../model/report.js';
import type { TimelineRow } from '../model/timeline.js';
import { workflowIdHash, type ShowWorkflowIds } from './workflow-ids.js';

/** Shorter IDs occur in too many words, and identify nobody. */
const SHORTEST_ID = 3;

/**
 * Takes the IDs of executions out of every text of the report: an error of workflow code or of an SDK can hold
 * them. The executions themselves stay as they are, for the renderers to name.
 *
 * A text is searched for the IDs of the executions that it is about. A text about no execution is searched for all.
 */
export function concealWorkflowIds(report: Report, show: ShowWorkflowIds): Report {
  if (show === 'true') return report;
  const about = (executions: readonly Execution[]) => concealer(executions, show);
  const all = about(report.outcomes.map(({ execution }) => execution));
  const { problem, verdict, warnings, findings, drift, outcomes } = report;
  return {
    ...report,
    verdict: { ...verdict, summary: all(verdict.summary) },
    warnings: warnings.map(all),
    outcomes: outcomes.map((outcome) =>
      outcome.message === undefined
        ? outcome
        : { ...outcome, message: about([outcome.execution])(outcome.message) },
    ),
    findings: findings.map((finding) => {
      const conceal = groupsOf(finding).reduce(
        (before, group) => withoutCompared(group, before),
        about(finding.executions),
      );
      const { proof, ...shown } = finding;
      const { remedy, fix, groups } = finding;
      return {
        ...concealedGroup(shown, conceal),
        // Changed, it would be another edit than the proven one.
        ...(proof === undefined || conceal(proof.diff) !== proof.diff ? {} : { proof }),
        remedy: conceal(remedy),
        ...(fix === undefined ? {} : { fix: { ...fix, code: conceal(fix.code) } }),
        ...(groups === undefined
          ? {}
          : { groups: groups.map((group) => concealedGroup(group, conceal)) }),
      };
    }),
    ...(drift === undefined
      ? {}
      : {
          drift: {
            ...drift,
            differences: drift.differences.map((one) => concealedDrift(one, all)),
          },
        }),
    ...(problem === undefined
      ? {}
      : {
          problem: {
            found: all(problem.found),
            ...(problem.expected === undefined ? {} : { expected: all(problem.expected) }),
            ...(problem.fix === undefined ? {} : { fix: all(problem.fix) }),
          },
        }),
  };
}

/** A name can hold an ID too, for example that of a task queue or the key of a memo. */
function concealedDrift(drift: Drift, conceal: (text: string) => string): Drift {
  const { command, field, history, code } = drift;
  return {
    ...drift,
    command: conceal(command),
    ...(field === undefined ? {} : { field: conceal(field) }),
    ...(history === undefined ? {} : { history: conceal(history) }),
    ...(code === undefined ? {} : { code: conceal(code) }),
  };
}

/** Conceals IDs in the texts of a group, and leaves its executions as they are. */
function concealedGroup<Group extends FindingGroup>(
  group: Group,
  conceal: (text: string) => string,
): Group {
  const { divergence } = group;
  const inEach = (value: object): object =>
    Object.fromEntries(
      Object.entries(value).map(([name, child]: [string, unknown]) => {
        // Places in the code and words of our own hold no ID.
        if (['kind', 'location', 'helper', 'type', 'by'].includes(name)) return [name, child];
        if (typeof child === 'string') return [name, conceal(child)];
        return [name, typeof child === 'object' && child !== null ? inEach(child) : child];
      }),
    );
  return {
    ...group,
    headline: conceal(group.headline),
    divergence: inEach(divergence) as FindingGroup['divergence'],
    timeline: group.timeline.map((row) => inEach(row) as TimelineRow),
    ...(group.lines === undefined ? {} : { lines: inEach(group.lines) }),
    ...(group.baseline === undefined
      ? {}
      : { baseline: { ...group.baseline, words: conceal(group.baseline.words) } }),
  };
}

/** Conceals the two IDs that a group compares too: they are those of children, or made from what identifies people. */
function withoutCompared(
  { divergence }: FindingGroup,
  conceal: (text: string) => string,
): (text: string) => string {
  if (divergence.kind !== 'differs' || divergence.apart?.by !== 'id') return conceal;
  const { history, code } = divergence.apart;
  return (text) => {
    const instead = [history, code]
      .filter((id) => id.length >= SHORTEST_ID)
      .sort((a, b) => b.length - a.length)
      .reduce((rest, id) => rest.replaceAll(id, '(an ID)'), text);
    return conceal(instead);
  };
}

function concealer(
  executions: readonly Execution[],
  show: Exclude<ShowWorkflowIds, 'true'>,
): (text: string) => string {
  const ids = new Map<string, string>();
  const names = new Set<string>();
  for (const { workflowId, runId, workflowType, taskQueue } of executions) {
    ids.set(workflowId, show === 'hash' ? `#${workflowIdHash(workflowId)}` : '(a Workflow ID)');
    ids.set(runId, '(a Run ID)');
    names.add(workflowType).add(taskQueue);
  }
  // An ID that equals a type's or a queue's name is no secret, and the text may mean that name.
  const secret = [...ids]
    .filter(([id]) => id.length >= SHORTEST_ID && !names.has(id))
    // Longer IDs first: one ID can begin with another.
    .sort(([a], [b]) => b.length - a.length);
  return (text) => {
    let concealed = text;
    for (const [id, instead] of secret) {
      if (concealed.includes(id)) concealed = replaceWhole(concealed, id, instead);
    }
    return concealed;
  };
}

/** `order-1` is not part of `order-10`, but of `order-1-shipment`. */
function replaceWhole(text: string, id: string, instead: string): string {
  const pattern = id.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
  return text.replace(
    new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'gu'),
    () => instead,
  );
}
