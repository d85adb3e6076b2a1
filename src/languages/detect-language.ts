import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isFile } from '../files/paths.js';
import { LANGUAGES, type ChosenLanguage, type Language } from '../model/language.js';
import type { Problem } from '../model/report.js';

type Detectable = Exclude<Language, 'command'>;

interface Manifest {
  readonly language: Detectable;
  /** Matches the names of files in the application's own folder that list its dependencies. */
  readonly file: RegExp;
  /** The name of the Temporal SDK in such a file. */
  readonly sdk: RegExp;
}

const MANIFESTS: readonly Manifest[] = [
  { language: 'typescript', file: /^package\.json$/u, sdk: /"@temporalio\//u },
  {
    language: 'python',
    file: /^(?:pyproject\.toml|setup\.(?:py|cfg)|Pipfile|requirements[\w.-]*\.(?:txt|in)|(?:uv|poetry)\.lock)$/u,
    // Only as a whole word: "temporalio/" would be a package of another registry.
    sdk: /(?<![\w@/.-])temporalio(?![\w/-])/u,
  },
  { language: 'go', file: /^go\.(?:mod|work)$/u, sdk: /\bgo\.temporal\.io\/sdk\b/u },
  {
    language: 'java',
    file: /^(?:pom\.xml|(?:build|settings)\.gradle(?:\.kts)?)$/u,
    sdk: /\bio\.temporal\b|\btemporal-sdk\b/u,
  },
];

/** Larger manifests are not read. The largest are lock files, which name the SDK many times. */
const MAX_MANIFEST = 4 * 1024 * 1024;

/**
 * Tells an application's language by the files that list its dependencies. A file that names Temporal's SDK
 * counts more than a file that is only there: a Go service may have a package.json for its tools.
 *
 * @param folder absolute path of the application
 * @returns the language and what decided it, or why nothing decides
 */
export function detectLanguage(folder: string): ChosenLanguage | Problem {
  const found = manifestsIn(folder);
  for (const candidates of [found.filter(({ namesSdk }) => namesSdk), found]) {
    const [first, ...others] = candidates;
    if (first === undefined) continue;
    if (others.every(({ language }) => language === first.language)) {
      return {
        name: first.language,
        because: first.namesSdk ? `${first.file} names its Temporal SDK` : `${first.file} is there`,
      };
    }
    const told = candidates.map(({ file, language }) => `${file} (${language})`).join(', ');
    return {
      found: `working-directory holds applications of several languages: ${told}`,
      expected: 'an application in one language, or the input language',
      fix: `set language to one of ${LANGUAGES.join(', ')}, or working-directory to the application's own folder`,
    };
  }
  return {
    found: 'working-directory holds no package.json, pyproject.toml, go.mod, pom.xml or the like',
    expected: 'an application whose dependencies tell its language',
    fix: `set working-directory to the application's folder, or language to one of ${LANGUAGES.join(', ')}`,
  };
}

interface FoundManifest {
  readonly language: Detectable;
  readonly file: string;
  readonly namesSdk: boolean;
}

function manifestsIn(folder: string): FoundManifest[] {
  const names = readdirSync(folder).sort();
  return MANIFESTS.flatMap(({ language, file, sdk }) =>
    names
      .filter((name) => file.test(name) && isFile(join(folder, name)))
      .map((name) => ({
        language,
        file: name,
        namesSdk: sdk.test(beginningOf(join(folder, name))),
      })),
  );
}

function beginningOf(path: string): string {
  try {
    return statSync(path).size > MAX_MANIFEST ? '' : readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
