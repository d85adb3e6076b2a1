import { describe, expect, test } from '@jest/globals';
import { renderComment, type CommentOptions } from '../../src/report/comment.js';
import { activeAddress, activeReference, renderMarkdown } from '../injection/rendered-markdown.js';
import { aFinding } from '../builders/findings.js';
import { expectGolden } from '../builders/golden.js';
import { aReport } from '../builders/reports.js';
import { hostileReport } from './hostile-report.js';
import { REPORTS } from './summary-reports.js';

const OPTIONS: CommentOptions = {
  showWorkflowIds: 'hash',
  blobUrl: 'https://github.com/acme/orders/blob/5a6b7c8d/',
  runUrl: 'https://github.com/acme/orders/actions/runs/7',
};

describe('the comment, as people read it', () => {
  test.each(['compatible', 'one-cause-in-two-groups', 'inconclusive-malformed-claim'] as const)(
    '%s',
    (name) => {
      expectGolden(`comment/${name}.md`, renderComment(REPORTS[name], OPTIONS));
    },
  );
});

test('a comment has the verdict, the fix and the link, and no execution', () => {
  const text = renderComment(REPORTS['one-cause-in-two-groups'], OPTIONS);
  expect(text).toMatch(/^## ❌ Incompatible\n/u);
  expect(text).toContain('```ts\nif (patched(');
  expect(text).toContain('<a href="https://github.com/acme/orders/actions/runs/7">');
  expect(text).not.toContain('<details>');
  expect(text).not.toContain('order-1');
});

test('over the limit it loses findings, and never the verdict or the link', () => {
  const findings = Array.from({ length: 500 }, () => aFinding({ headline: '<'.repeat(1000) }));
  const text = renderComment(aReport({ findings }), OPTIONS);
  expect(text.length).toBeLessThan(65_536);
  expect(text).toMatch(/^## ❌ Incompatible\n/u);
  expect(text).toContain('/actions/runs/7');
  expect(text).toMatch(/… \d+ more sections did not fit/u);
});

test('no name mentions anybody, links anything or becomes markup', () => {
  const text = renderComment(hostileReport(), OPTIONS);
  const { skeleton, text: shown } = renderMarkdown(text);
  expect(activeReference(shown)).toBeUndefined();
  expect(activeAddress(text)).toBeUndefined();
  expect(skeleton.filter((tag) => /^<(?:script|img|i|b)\b/u.test(tag))).toEqual([]);
});
