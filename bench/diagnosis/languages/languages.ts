import { GO } from './go/go.js';
import { JAVA } from './java/java.js';
import type { CorpusLanguage, CorpusLanguageName } from './language.js';
import { PYTHON } from './python/python.js';
import { TYPESCRIPT } from './typescript.js';

/** Every corpus by the name of its language. */
export const CORPORA: Readonly<Partial<Record<CorpusLanguageName, CorpusLanguage>>> = {
  typescript: TYPESCRIPT,
  python: PYTHON,
  go: GO,
  java: JAVA,
};
