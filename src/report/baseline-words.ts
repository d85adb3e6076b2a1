import type { BaselineRelation } from '../model/finding.js';

/** Who caused a break, as far as the baseline tells. */
export function baselineWords(relation: BaselineRelation): string {
  switch (relation) {
    case 'introduced':
      return 'The baseline passes: this change breaks it.';
    case 'pre-existing':
      return 'The baseline breaks in the same way: this change did not cause it.';
    case 'fails-otherwise':
      return 'The baseline breaks too, in another way.';
    case 'not-compared':
      return 'The baseline could not be compared.';
  }
}
