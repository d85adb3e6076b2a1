import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { VERDICT_KINDS, type Verdict, type VerdictKind } from '../../src/model/verdict.js';
import { combine } from '../../src/verdict/combine.js';

const aReport = (kind: VerdictKind, passes: boolean) => ({
  verdict: { kind, passes, reason: 'error', summary: '' } as Verdict,
});

const anyReport = fc
  .record({ kind: fc.constantFrom(...VERDICT_KINDS), passes: fc.boolean() })
  .map(({ kind, passes }) => aReport(kind, passes));

test('a run is green only when each of its reports is', () => {
  fc.assert(
    fc.property(anyReport, fc.array(anyReport), (first, others) => {
      const { passes, worst } = combine([first, ...others]);
      expect(passes).toBe([first, ...others].every(({ verdict }) => verdict.passes));
      // What speaks for all must not look better than the check is.
      expect(worst.verdict.passes).toBe(passes);
    }),
  );
});

test('of several reports the worst speaks, in this order, and of equals the first', () => {
  const order = [
    aReport('incompatible', false),
    aReport('inconclusive', false),
    aReport('not-claimed', false),
    aReport('inconclusive', true),
    aReport('compatible', true),
    aReport('not-claimed', true),
  ] as const;
  fc.assert(
    fc.property(fc.shuffledSubarray([...order], { minLength: 1 }), (some) => {
      const [first = order[0], ...others] = some;
      expect(combine([first, ...others]).worst).toBe(order.find((one) => some.includes(one)));
    }),
  );
  const twins = [aReport('compatible', true), aReport('compatible', true)] as const;
  expect(combine(twins).worst).toBe(twins[0]);
});
