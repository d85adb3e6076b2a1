import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { join } from 'node:path';
import { parseClaim } from '../../src/claim/parse-claim.js';
import type { Report } from '../../src/model/report.js';
import { share } from '../../testing/tiers.js';
import { figure } from '../../testing/notes.js';
import { repeatWords, firstSeed } from '../../testing/seeds.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { aFinding } from '../builders/findings.js';
import { aVersionSetTarget } from '../builders/gate-parts.js';
import { anOutcome } from '../builders/outcomes.js';
import { anEarlyReport, aReport } from '../builders/reports.js';
import { hostileText } from '../untrusted/hostile-text.js';
import { capturePublish, type Published } from './captured-publish.js';
import { activeAddress, activeReference, renderMarkdown } from './rendered-markdown.js';

/**
 * Whatever people, code and servers write, a report says it and does nothing else. Whole reports are
 * judged: what the runner makes of the log, a Markdown renderer of the summary, and the next step of the
 * outputs. One is published with names that mean nothing and one with hostile names, and both must come
 * to the same.
 */

/** Of each kind in one report: it is the reports that cost time. */
const IN_ONE = 8;

const CASES = share({ fast: 800, middle: 4_000, trust: 100_000 });
const KINDS = [
  'titles',
  'build IDs',
  'queue names',
  'failure messages',
  'file names',
  'user prints',
];

type Names = Readonly<
  Record<'titles' | 'builds' | 'queues' | 'messages' | 'files' | 'prints', readonly string[]>
>;

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder('published');
});
afterAll(() => removeFolder(folder));

/** A number at the end keeps names apart, so that they are grouped as harmless ones are. */
function distinct(names: readonly string[], kind: string): readonly string[] {
  return names.map((name, index) => `${name}${kind}${index}`);
}

function fullReport({ builds, queues, messages, files, prints }: Names): Report {
  const listed = queues.map((taskQueue, index) => ({
    workflowId: prints[index] ?? '',
    runId: `run-${index}`,
    workflowType: messages[index] ?? '',
    taskQueue,
    status: 'Running' as const,
    buildIds: [builds[index] ?? ''],
  }));
  const left = listed.map((one) => ({ ...one, runId: `${one.runId}-left` }));
  const [build = ''] = builds;
  return aReport({
    claim: { kind: 'claimed', buildId: build, from: 'title' },
    target: aVersionSetTarget({
      buildId: build,
      namespace: queues[0] ?? '',
      address: queues[1] ?? '',
      sets: queues.map((taskQueue) => ({ taskQueue, buildIds: builds })),
      query: `TaskQueue = "${queues[0] ?? ''}"`,
    }),
    replayer: { language: prints[0] ?? '', sdkName: prints[1] ?? '', sdkVersion: prints[2] ?? '' },
    listed: [...listed, ...left],
    outcomes: [
      ...listed.map((one, index) =>
        anOutcome('nondeterministic', one, { message: prints[index] ?? '' }),
      ),
      ...left.map((one, index) => anOutcome('errored', one, { message: messages[index] ?? '' })),
    ],
    findings: listed.map((execution, index) =>
      aFinding({
        workflowType: messages[index] ?? '',
        headline: messages[index] ?? '',
        remedy: prints[index] ?? '',
        weight: { kind: 'decisive', reason: messages[index] ?? '' },
        lines: { code: prints[index] ?? '', baseline: messages[index] ?? '' },
        fix: { language: 'ts', code: files[index] ?? '' },
        timeline: [{ agrees: false, history: prints[index] ?? '', code: { words: 'a timer' } }],
        executions: [execution],
        divergence: {
          kind: 'differs',
          command: prints[index] ?? '',
          event: { eventId: 5, type: messages[index] ?? '', words: prints[index] ?? '' },
          location: { file: files[index] ?? '', line: 1 },
        },
      }),
    ),
    warnings: messages,
    removedClaim: builds[1] ?? '',
  });
}

/** Of a title that claims nothing, or nearly something. */
function titleReport(title: string): Report {
  const parsed = parseClaim(title);
  const claim =
    parsed.kind === 'malformed'
      ? parsed
      : ({ kind: 'malformed', problem: `The title is ${title}.` } as const);
  return anEarlyReport({ claim, warnings: [title] });
}

function published(names: Names, show: 'true' | 'hash'): Published {
  const [first, ...others] = names.titles.map(titleReport);
  return capturePublish(
    [fullReport(names), ...(first === undefined ? [] : [first]), ...others],
    join(folder, 'own'),
    show,
  );
}

const hostileNames = fc.array(hostileText, { minLength: IN_ONE, maxLength: IN_ONE });

const anyNames = fc.record({
  titles: hostileNames.map((titles) =>
    distinct(titles, 'title').map((title, index) =>
      index % 2 === 0 ? title : `[compatible-${title}`,
    ),
  ),
  builds: hostileNames.map((names) => distinct(names, 'build')),
  queues: hostileNames.map((names) => distinct(names, 'queue')),
  messages: hostileNames.map((names) => distinct(names, 'message')),
  files: hostileNames.map((names) => distinct(names, 'file')),
  prints: hostileNames.map((names) => distinct(names, 'print')),
});

const plainNames = (kind: string): string[] =>
  Array.from({ length: IN_ONE }, (_, index) => `${kind}${index}`);

/** As many of everything, and nothing in it. */
const PLAIN: Names = {
  titles: plainNames('titles'),
  builds: plainNames('builds'),
  queues: plainNames('queues'),
  messages: plainNames('messages'),
  files: plainNames('files'),
  prints: plainNames('prints'),
};

describe.each(['true', 'hash'] as const)('with show-workflow-ids: %s', (show) => {
  let plain: Published;
  let skeleton: readonly string[];
  beforeAll(() => {
    plain = published(PLAIN, show);
    ({ skeleton } = renderMarkdown(plain.summary));
  });

  test('the judges know what is active', () => {
    const active = renderMarkdown('a *b* <i>c</i> [d](e) ~~f~~ | &#35;1 by &#64;octocat');
    expect(active.skeleton).toEqual(expect.arrayContaining(['<em>', '<i>', '<a href="e">', '<s>']));
    expect(activeReference('see #1')).toBe(' #1');
    expect(activeReference('by @octocat')).toBe('@octocat');
    expect(activeReference('see GH-1')).toBe('GH-1');
    expect(activeReference(active.text)).toBe('@octocat');
    expect(activeAddress('see https://example.com')).toBe('https://example.com');
    expect(activeAddress('see www.example.com')).toBe('www.example.com');
    expect(activeAddress('to a@example.com')).toBe('a@example.com');
  });

  test('a report of harmless names has annotations, sections and links', () => {
    expect(plain.runner.annotations.length).toBeGreaterThan(10);
    expect(skeleton.filter((tag) => tag.startsWith('<a ')).length).toBeGreaterThan(IN_ONE - 1);
    expect(skeleton).toContain('<h3>');
  });

  test('no name changes what a report does', () => {
    const seed = firstSeed();
    const runs = Math.ceil(CASES / IN_ONE / 2);
    fc.assert(
      fc.property(anyNames, (names) => {
        const { runner, summary, outputs } = published(names, show);
        // The runner: the same commands, each of them an annotation.
        const levels = (of: Published['runner']): string[] =>
          of.annotations.map(({ level }) => level);
        expect(levels(runner)).toEqual(levels(plain.runner));
        expect(runner.executed).toHaveLength(runner.annotations.length);
        expect(runner.debug).toEqual([]);
        expect(
          runner.executed.filter((line) => !/^::(?:error|warning|notice) /u.test(line)),
        ).toEqual([]);
        // Later steps.
        expect(Object.keys(outputs)).toEqual(Object.keys(plain.outputs));
        expect(outputs['verdict']).toBe(plain.outputs['verdict']);
        // Readers of the summary.
        const rendered = renderMarkdown(summary);
        // As one text: lists of thousands take long to compare.
        expect(rendered.skeleton.join('\n')).toBe(skeleton.join('\n'));
        expect(activeReference(rendered.text)).toBeUndefined();
        expect(activeAddress(summary)).toBeUndefined();
        expect(summary.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }),
      { numRuns: runs, seed },
    );
    figure(
      'injection: published reports',
      `${runs * IN_ONE} of each of ${KINDS.join(', ')} with show-workflow-ids: ${show}, ${repeatWords(seed)}; 0 breaches`,
    );
  });
});
