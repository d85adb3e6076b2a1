import { expect, test } from '@jest/globals';
import { idiomOf } from '../../src/diagnosis/idiom.js';

test.each([
  ['typescript', "if (patched('a')) { … }"],
  ['python', 'if workflow.patched("a"): …'],
  ['go', 'if workflow.GetVersion(ctx, "a", workflow.DefaultVersion, 1) == 1 { … }'],
  ['java', 'if (Workflow.getVersion("a", Workflow.DEFAULT_VERSION, 1) == 1) { … }'],
  ['rust', 'a branch of the patch (or version) "a"'],
  [undefined, "if (patched('a')) { … }"],
])('%s says it in its own syntax', (language, words) => {
  expect(idiomOf(language).onlyNew('a')).toBe(words);
});
