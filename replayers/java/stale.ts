import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Fatal } from '../common/fatal.js';

/**
 * Refuses classes that are older than their sources: the old code would be judged, and could pass.
 *
 * @param classFolders absolute paths of folders with compiled classes
 * @param sources absolute paths of the source files that they may come from
 */
export function refuseStaleClasses(
  classFolders: readonly string[],
  sources: readonly string[],
  compile: string,
): void {
  const stale: string[] = [];
  for (const folder of classFolders) {
    const sourceFolder = sourceFolderOf(folder);
    if (sourceFolder === undefined) continue;
    const newest = newestClass(folder);
    for (const source of sources) {
      const matched = new RegExp(`^${escapeText(sourceFolder)}/[^/]+/(.+)\\.[^./]+$`, 'u').exec(
        source,
      );
      const name = matched?.[1];
      if (name === undefined || /(?:^|\/)(?:package|module)-info$/u.test(name)) continue;
      const compiled = join(folder, `${name}.class`);
      // Not every file has a class of its own name.
      const time = existsSync(compiled) ? statSync(compiled).mtimeMs : newest;
      if (statSync(source).mtimeMs > time) stale.push(source);
    }
  }
  const [first] = stale;
  if (first === undefined) return;
  throw new Fatal(
    `compiled classes are older than their sources: ${relative(process.cwd(), first)}${stale.length > 1 ? ` and ${stale.length - 1} more` : ''}`,
    `run ${compile} in a step before this action, after the checkout and after a cache is restored`,
  );
}

/** In Maven's and Gradle's layouts: the folder of the sources, which has a folder for each programming language. */
export function sourceFolderOf(classes: string): string | undefined {
  const maven = /^(.*)\/target\/(test-)?classes$/u.exec(classes);
  if (maven !== null) return `${maven[1]}/src/${maven[2] === undefined ? 'main' : 'test'}`;
  const gradle = /^(.*)\/build\/classes\/[^/]+\/([^/]+)$/u.exec(classes);
  return gradle === null ? undefined : `${gradle[1]}/src/${gradle[2]}`;
}

function newestClass(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.class')) continue;
    newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return newest;
}

function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&');
}
