import { describe, expect, it } from '@jest/globals';
import { availableParallelism } from 'node:os';
import { allowedProcessors, processorsIn } from '../../src/replay/processors.js';

const status = (list: string): string =>
  `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${list}\nMems_allowed:\t00000001\n`;

describe('the processors that a process may run on', () => {
  it.each([
    ['one', '3', [3]],
    ['a range', '0-3', [0, 1, 2, 3]],
    ['ranges and single ones', '0-1,4,6-7', [0, 1, 4, 6, 7]],
    ['none that is told', '', []],
  ])('are %s', (_, list, expected) => {
    expect(processorsIn(status(list))).toEqual(expected);
  });

  it('are not known where nothing tells them', () => {
    expect(processorsIn('')).toEqual([]);
  });

  it('are those that Node counts', () => {
    const expected = process.platform === 'linux' ? availableParallelism() : 0;
    expect(allowedProcessors()).toHaveLength(expected);
  });
});
