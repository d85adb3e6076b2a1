import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERDICT_KINDS, VERDICT_REASONS } from '../../src/model/verdict.js';
import { projectRoot } from '../../testing/project-root.js';

/** The rules of docs/semantics.md and the schema of the report name each reason that there is, and no other. */

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

test('docs/semantics.md has a rule for each reason, in its order', () => {
  const rules = [
    ...read('docs/semantics.md').matchAll(
      /^\| (\d+) \| .+ \| `([a-z-]+)` \| `([a-z-]+)` \| .+ \|$/gmu,
    ),
  ];
  expect(rules.map(([, number]) => Number(number))).toEqual(rules.map((_, index) => index + 1));
  expect(new Set(rules.map(([, , , reason]) => reason))).toEqual(new Set(VERDICT_REASONS));
  for (const [, , verdict] of rules) expect(VERDICT_KINDS).toContain(verdict);
});

test('docs/report.schema.json lists them', () => {
  const lists = [
    ...read('docs/report.schema.json').matchAll(/"enum": (\[[^\]]+"claim-required"[^\]]+\])/gu),
  ];
  expect(lists.length).toBeGreaterThan(0);
  for (const [, list = '[]'] of lists) {
    expect((JSON.parse(list) as string[]).toSorted()).toEqual([...VERDICT_REASONS].toSorted());
  }
});
