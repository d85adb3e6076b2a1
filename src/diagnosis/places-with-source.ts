import { locator } from './divergence-of.js';
import { lineAt, type Frame } from './source-location.js';
import type { Locate } from './timeline.js';

/**
 * Places in one checkout, with the text of their lines. A loop issues many commands at one place, whose file is read
 * once.
 */
export function placesWithSource(root: string): Locate {
  const locate = locator(root);
  const known = new Map<string, ReturnType<Locate>>();
  return ({ file, line, column }: Frame) => {
    const key = JSON.stringify([file, line, column]);
    let place = known.get(key);
    if (place === undefined) {
      const { location } = locate({ file, line, column });
      const source = lineAt(location, root);
      place = {
        ...(location === undefined ? {} : { location }),
        ...(source === undefined ? {} : { source }),
      };
      known.set(key, place);
    }
    return place;
  };
}
