import { expect, test } from '@jest/globals';
import { remedy } from '../../src/diagnosis/explain.js';
import { branchWords } from '../../src/diagnosis/branches.js';
import { idiomOf } from '../../src/diagnosis/idiom.js';
import { CAUSES } from '../../src/model/cause.js';

test.each([
  ['typescript', "if (patched('a')) { … }"],
  ['python', 'if workflow.patched("a"): …'],
  ['go', 'if workflow.GetVersion(ctx, "a", workflow.DefaultVersion, 1) == 1 { … }'],
  ['java', 'if (Workflow.getVersion("a", Workflow.DEFAULT_VERSION, 1) == 1) { … }'],
  ['rust', 'a branch of the patch (or version) "a"'],
  [undefined, "if (patched('a')) { … }"],
])('%s says it in its own syntax', (language, words) => {
  expect(branchWords('new', 'a', idiomOf(language))).toBe(words);
});

/** What only one of the languages is written in. */
const SYNTAX: Readonly<Record<string, RegExp>> = {
  typescript: /[^.]patched\('|deprecatePatch|Export |bundler|dataConverter/u,
  python: /workflow\.patched\("|deprecate_patch|workflow class|data_converter|workflow_runner/u,
  go: /workflow\.GetVersion|docs\/go\.md/u,
  java: /Workflow\.getVersion|docs\/java\.md/u,
};

test.each(Object.keys(SYNTAX))('no remedy for code in %s is in another language', (language) => {
  const event = { eventId: 7, type: 'MarkerRecorded', words: 'patch a' };
  const remedies = CAUSES.map((cause) =>
    remedy({
      workflowType: 'order',
      cause,
      divergence: { kind: 'differs', command: 'a timer', event },
      language,
    }),
  );
  const own = SYNTAX[language];
  expect(remedies.filter((text) => own?.test(text)).length).toBeGreaterThan(5);
  for (const [other, syntax] of Object.entries(SYNTAX)) {
    const foreign = other === language ? [] : remedies.filter((text) => syntax.test(text));
    expect({ other, foreign }).toEqual({ other, foreign: [] });
  }
});
