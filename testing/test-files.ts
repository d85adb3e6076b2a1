import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { projectRoot } from './project-root.js';
import { tierOf, type Tier } from './tiers.js';

export interface TestFile {
  /** From the project's root. */
  readonly path: string;
  readonly tier: Tier;
  /** Every file of the project that it imports, at any distance, from the project's root. */
  readonly imports: ReadonlySet<string>;
  /** Parts of it that are in another tier than the file. */
  readonly parts: readonly { readonly tier: Tier; readonly what: string }[];
}

/** All test files, in the order of the alphabet. */
export function testFiles(): readonly TestFile[] {
  const graph = new ImportGraph();
  return globSync('__tests__/**/*.test.ts', { cwd: projectRoot })
    .toSorted()
    .map((path) => {
      const source = read(path);
      const parts = [...source.matchAll(/\binTier\(\s*'(\w+)',\s*(['`])(.*?)\2/gu)];
      return {
        path,
        tier: tierOf(source),
        imports: graph.reachedFrom(path),
        parts: parts.map(([, tier, , what = '']) => ({ tier: tier as Tier, what })),
      };
    });
}

/** `import … from '…'` and its relatives, without those of types alone, which load nothing. */
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(?!type\b)(?:[^'";]*?\bfrom\s+)?'(\.[^']+)'|\bimport\(\s*'(\.[^']+)'/gu;

class ImportGraph {
  readonly #imports = new Map<string, readonly string[]>();

  reachedFrom(path: string): ReadonlySet<string> {
    const reached = new Set<string>();
    const ahead = [path];
    for (let file = ahead.pop(); file !== undefined; file = ahead.pop()) {
      for (const imported of this.#importsOf(file)) {
        if (reached.has(imported)) continue;
        reached.add(imported);
        ahead.push(imported);
      }
    }
    return reached;
  }

  #importsOf(path: string): readonly string[] {
    const known = this.#imports.get(path);
    if (known !== undefined) return known;
    const imports = [...read(path).matchAll(IMPORT)]
      .map(([, one, other]) => join(dirname(path), one ?? other ?? ''))
      .map((target) => target.replace(/\.js$/u, '.ts'))
      .filter((target) => target.endsWith('.ts') && existsSync(join(projectRoot, target)));
    this.#imports.set(path, imports);
    return imports;
  }
}

function read(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}

/** @param given a part of a path, from the project's root */
export function isNamedBy(given: string, { path }: TestFile): boolean {
  return path.includes(relative(projectRoot, resolve(projectRoot, given)));
}
