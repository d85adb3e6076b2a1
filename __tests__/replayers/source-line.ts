import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a text stands in an application's file, once: lines that tests expect are searched, not counted. */
export function sourceLine(
  folder: string,
  file: string,
  text: string,
): { file: string; line: number } {
  const path = join(folder, file);
  const lines = readFileSync(path, 'utf8').split('\n');
  const found = lines.flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
  const [line] = found;
  if (line === undefined || found.length > 1) {
    throw new Error(`${file} has ${found.length} lines with "${text}"`);
  }
  return { file: path, line };
}
