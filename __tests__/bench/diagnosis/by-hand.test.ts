import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editsOfTable } from '../../../bench/diagnosis/edits/by-hand.js';
import { CORPORA } from '../../../bench/diagnosis/languages/languages.js';
import type { CorpusLanguageName } from '../../../bench/diagnosis/languages/language.js';
import { projectRoot } from '../../../testing/project-root.js';

/** How many edits of which kind there are; one, where nothing else is said. */
const KINDS: Readonly<Record<CorpusLanguageName, string>> = {
  typescript: `
    add-activity, add-condition, add-in-handler, add-in-parallel, add-signal, 2 change-branch,
    continue-early, local-to-activity, longer-loop, move-before-wait, move-command, move-patch,
    move-wait, 3 refactoring, remove-cancellation, remove-catch, remove-compensation,
    remove-handler, remove-in-handler, remove-in-parallel, remove-join, remove-patch,
    remove-scope, remove-time-out, remove-upsert, rename-signal-sent, replace-child, replace-join,
    replace-upsert, run-in-parallel, run-in-sequence, 2 shorter-loop, split-timer,
    stricter-validator, 2 swap-in-parallel
  `,
  python: `
    add-activity, add-condition, 2 add-in-handler, 2 add-in-parallel, add-join, add-log,
    add-patch, add-time-out, 4 change-arguments, 2 change-branch, change-child-id,
    change-continuation, 4 change-duration, 2 change-options, clock, deprecate-patch,
    local-to-activity, longer-loop, move-command, 2 move-wait, random, 5 refactoring,
    remove-catch, remove-continuation, remove-handler, 2 remove-in-handler, 3 remove-in-parallel,
    remove-join, 2 remove-patch, 3 remove-time-out, remove-timer, remove-upsert, rename-handler,
    rename-patch, rename-type, rename-variable, replace-activity, replace-child, replace-join,
    replace-upsert, return-early, 3 run-in-sequence, shorter-loop, split-timer,
    stricter-validator, swallow, 4 swap-in-parallel, swap-neighbours, throw, 2 throw-later
  `,
  go: `
    activity-to-local, 2 add-activity, add-call, add-child, add-condition, add-goroutine,
    add-handler, add-in-closure, 2 add-in-handler, add-in-parallel, add-patch, add-side-effect,
    add-timer, add-upsert, 2 add-version, 4 change-argument, change-branch, 2 change-condition,
    change-continued, 3 change-duration, change-input, 3 change-option, change-result,
    change-side-effect, change-workflow-id, comment, continue-early, 2 end-otherwise,
    local-to-activity, log, longer-loop, lower-maximum, move-before-wait, 3 move-command,
    move-into-closure, move-patch, 2 move-wait, 2 nondeterministic-source, 3 raise-minimum, 6
    refactoring, remove-activity, remove-cancellation, remove-catch, remove-child,
    remove-compensation, remove-goroutine, remove-handler, remove-in-closure, remove-in-handler,
    remove-in-parallel, remove-join, 2 remove-patch, remove-side-effect, remove-time-out, 2
    remove-timer, remove-upsert, rename-handler, rename-patch, rename-signal, rename-variable,
    rename-workflow-type, 3 replace-activity, 2 replace-child, replace-join, replace-upsert,
    return-early, 2 run-in-sequence, shorter-loop, split-timer, stricter-validator, 2
    swallow-error, swap-commands, swap-in-closure, swap-in-parallel, swap-waits, 3 throw,
    throw-later
  `,
  java: `
    2 add-activity, add-condition, add-in-handler, add-in-lambda, 2 add-in-parallel, add-log,
    add-patch, add-side-effect, 4 change-arguments, 2 change-branch, change-child-id,
    change-continuation, 4 change-duration, 2 change-options, 3 change-version-range, clock,
    local-to-activity, longer-loop, move-command, 2 move-wait, 4 refactoring, remove-cancellation,
    remove-catch, remove-child, remove-continuation, 2 remove-in-handler, remove-in-lambda, 2
    remove-in-parallel, 2 remove-patch, remove-scope, remove-side-effect, remove-time-out,
    remove-timer, remove-upsert, 2 rename-handler, rename-patch, rename-type, replace-activity,
    replace-child, replace-in-lambda, replace-upsert, return-early, 2 run-in-sequence,
    shorter-loop, split-timer, stricter-validator, swallow, 3 swap-in-parallel, swap-neighbours,
    throw, 2 throw-later
  `,
};

describe.each(Object.entries(KINDS))('the edits by hand in %s', (name, kinds) => {
  test('are all there, and each applies to its workflow', async () => {
    const corpus = CORPORA[name as CorpusLanguageName];
    const counts = new Map<string, number>();
    for (const { kind, origin } of corpus?.edits(await corpus.bases(), 1) ?? []) {
      if (origin === 'by-hand') counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    const found = [...counts].map(([kind, count]) => (count === 1 ? kind : `${count} ${kind}`));
    const byKind = (a: string, b: string): number => (bare(a) < bare(b) ? -1 : 1);
    expect(found.sort(byKind)).toEqual(kinds.trim().replaceAll(/\s+/gu, ' ').split(', '));
  });
});

test('no table has an edit of a workflow or in a language that no corpus has', async () => {
  const folder = join(projectRoot, 'bench', 'diagnosis', 'edits', 'by-hand');
  const spelled = readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split(/\n{2,}/u)
      .flatMap((edit) => [...new Set(edit.match(/^(?:typescript|python|go|java)\b/gmu))]),
  );
  for (const { name, edits, bases } of Object.values(CORPORA)) {
    const byHand = edits(await bases(), 1).filter(({ origin }) => origin === 'by-hand');
    expect({ name, edits: byHand.length }).toEqual({
      name,
      edits: spelled.filter((language) => language === name).length,
    });
  }
});

describe('an edit by hand', () => {
  const base = {
    workflowType: 'small',
    file: 'small.py',
    heldOut: false,
    text: 'one()\ntwo()\nthree()\nfour()\n',
  };

  function edit(...rows: string[]): ReturnType<typeof editsOfTable>[number] {
    const [first] = editsOfTable(
      ['[any] an edit: command-added', ...rows].join('\n'),
      'python',
      base,
    );
    if (first === undefined) throw new Error('there is no edit in Python');
    return first;
  }

  function linesOf(...rows: string[]): number[] {
    return [...(edit(...rows).lines ?? [])].sort((a, b) => a - b);
  }

  test('permits the line that it adds, and not the one that it repeats to say where', () => {
    const before = ['python', '+new()', ' two()'];
    expect(edit(...before).text).toBe('one()\nnew()\ntwo()\nthree()\nfour()\n');
    expect(linesOf(...before)).toEqual([2]);
    expect(linesOf('python', ' two()', '+new()')).toEqual([3]);
  });

  test('permits a line of which it changes a part, and counts lines that others add', () => {
    const both = ['python', ' one()', '+new()', 'python hree ==> HREE'];
    expect(edit(...both).text).toBe('one()\nnew()\ntwo()\ntHREE()\nfour()\n');
    expect(linesOf(...both)).toEqual([2, 4]);
  });

  test('permits no line where it only takes away, but those that it names', () => {
    expect(linesOf('python', '-two()')).toEqual([]);
    expect(linesOf('python', '-two()', 'near four | one()')).toEqual([1, 3]);
    expect(linesOf('python', '-two()', 'near one()\\nthree()')).toEqual([1, 2]);
  });

  test('says what is right, and is written for each language alone', () => {
    const table = `[any] first: command-moved, command-removed
# Why it is so.
go two ==> TWO
python one ==> ONE

[other] second: workflow-type-missing, no line
python one ==> ONE

[same] third: equivalent
python one ==> ONE`;
    const edits = editsOfTable(table, 'python', base);
    expect(
      edits.map(({ id, kind, causes, equivalent, lines }) => ({
        id,
        kind,
        causes,
        equivalent,
        lines: lines?.size,
      })),
    ).toEqual([
      {
        id: 'small/by-hand/first',
        kind: 'any',
        causes: ['command-moved', 'command-removed'],
        equivalent: false,
        lines: 1,
      },
      {
        id: 'small/by-hand/second',
        kind: 'other',
        causes: ['workflow-type-missing'],
        equivalent: false,
        lines: undefined,
      },
      { id: 'small/by-hand/third', kind: 'same', causes: [], equivalent: true, lines: 1 },
    ]);
    expect(editsOfTable(table, 'go', base).map(({ text }) => text)).toEqual([
      base.text.replace('two', 'TWO'),
    ]);
  });

  test.each([
    ['its place is not there exactly once', 'not there exactly once', ['python () ==> []']],
    ['a line beside it is not there', 'there is no "five"', ['python one ==> ONE', 'near five']],
    ['a row is none of an edit', 'no row of an edit', ['python one ==> ONE', 'whatever']],
    ['it begins in no language', 'of no language', ['-one()']],
  ])('is refused where %s', (_, problem, rows) => {
    expect(() => edit(...rows)).toThrow(problem);
  });

  test('is refused where its title or its cause is none', () => {
    expect(() => editsOfTable('any: command-added', 'python', base)).toThrow('no title of an edit');
    expect(() => editsOfTable('[any] one: command-made', 'python', base)).toThrow('no cause');
  });
});

/** A kind without its count. */
function bare(kind: string): string {
  return kind.replace(/^\d+ /u, '');
}
