import { describe, expect, test } from '@jest/globals';
import { CORPORA } from '../../../bench/diagnosis/languages/languages.js';

const others = Object.values(CORPORA).filter(({ name }) => name !== 'typescript');

describe.each(others)('the corpus in $name', (corpus) => {
  test('has at least 40 edits of at least three workflows, of which one is held out', async () => {
    const bases = await corpus.bases();
    const edits = corpus.edits(bases, 1);
    expect(edits.length).toBeGreaterThanOrEqual(40);
    expect(new Set(edits.map(({ id }) => id)).size).toBe(edits.length);
    expect(bases.length).toBeGreaterThanOrEqual(3);
    expect(bases.filter(({ heldOut }) => heldOut)).toHaveLength(1);
  });

  test('changes something in every edit, and names a line in each that has one', async () => {
    const bases = await corpus.bases();
    const texts = new Set(bases.map(({ text }) => text));
    for (const { id, text, lines, causes, equivalent } of corpus.edits(bases, 1)) {
      expect({ id, same: texts.has(text) }).toEqual({ id, same: false });
      expect({ id, equivalent }).toEqual({ id, equivalent: equivalent && causes.length === 0 });
      const rows = text.split('\n').length;
      const any = lines === undefined || (lines.size > 0 && Math.max(...lines) <= rows);
      expect({ id, any }).toEqual({ id, any: true });
    }
  });

  test('cuts every scenario where a step is still to come', () => {
    for (const { steps, cuts } of corpus.scenarios) {
      expect(cuts).toHaveLength(3);
      expect(Math.max(...cuts)).toBeLessThan(steps.length);
    }
  });
});
