import type { BaselineRelation } from '../model/finding.js';

/** Whose doing a break is, as far as the baseline tells. */
export function baselineWords(relation: BaselineRelation): string {
  switch (relation) {
    case 'introduced':
      return 'The baseline passes: this change breaks it.';
    case 'pre-existing':
      return 'The baseline breaks in the same way: not by this change.';
    case 'fails-otherwise':
      return 'The baseline breaks too, in another way.';
    case 'not-compared':
      return 'It could not be compared with the baseline.';
  }
}
