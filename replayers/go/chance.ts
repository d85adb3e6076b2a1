import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Beyond so many bytes of source, chance is taken for granted. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Folders that Go leaves out, and whose names begin with neither `.` nor `_`. */
const LEFT_OUT: ReadonlySet<string> = new Set(['vendor', 'testdata', 'node_modules']);

/** A statement that chooses among channels by chance. */
const SELECT = /\bselect\s*\{/u;

const RANGE = /\brange\b/u;

/** What a range may go over in another order each time. */
const MAP =
  /\bmap\s*\[|\bmaps\.|\bsync\.Map\b|\bMap(?:Range|Keys)\b|\b(?:url\.Values|http\.Header)\b/u;

/**
 * Whether a package of the application ranges over a map or selects among channels, as far as its text shows.
 * Comments and texts count too: then replays are only repeated more often.
 *
 * @param module absolute path of the application's module
 */
export function holdsChance(module: string): boolean {
  let left = MAX_BYTES;
  const folders = [module];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    let ranges = false;
    let maps = false;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        const isCode = !/^[._]/u.test(entry.name) && !LEFT_OUT.has(entry.name);
        if (isCode && !existsSync(join(path, 'go.mod'))) folders.push(path);
        continue;
      }
      if (!entry.isFile() || !/(?<!_test)\.go$/u.test(entry.name)) continue;
      left -= statSync(path).size;
      if (left < 0) return true;
      const text = readFileSync(path, 'utf8');
      if (SELECT.test(text)) return true;
      ranges ||= RANGE.test(text);
      maps ||= MAP.test(text);
    }
    if (ranges && maps) return true;
  }
  return false;
}
