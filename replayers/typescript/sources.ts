import { isUserFile, pathOf, type Frame } from './stack.js';

/** The source map that the SDK's bundler writes at the end of a bundle. */
export const SOURCE_MAP =
  /\n\/\/# sourceMappingURL=data:application\/json;(?:charset=[^;]+;)?base64,(\S+)/u;

/** A file of the application that is in the bundle. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** The application's own files in a bundle; none where its source map has no texts. */
export function sourcesOf(code: string): Source[] {
  const encoded = SOURCE_MAP.exec(code)?.[1];
  if (encoded === undefined) return [];
  const { sources = [], sourcesContent = [] } = JSON.parse(
    Buffer.from(encoded, 'base64').toString('utf8'),
  ) as { sources?: (string | null)[]; sourcesContent?: (string | null)[] };
  return sources.flatMap((file, index) => {
    const text = sourcesContent[index];
    if (file === null || typeof text !== 'string' || !isUserFile(file)) return [];
    return [{ file: pathOf(file), text }];
  });
}

/** The line that declares a function of this name, exported ones first. */
export function definitionIn(
  sources: readonly Source[],
  name: string,
  argument = 0,
): Frame | undefined {
  if (!/^[\p{L}\p{N}_$]+$/u.test(name)) return undefined;
  const word = name.replace(/\$/gu, String.raw`\$`);
  const declared = String.raw`(?:(?:async\s+)?function\s*\*?|const|let|var)\s+${word}(?![\p{L}\p{N}_$])`;
  for (const pattern of [
    String.raw`^\s*export\s+(?:default\s+)?${declared}`,
    String.raw`^\s*${declared}`,
  ]) {
    const declaration = new RegExp(pattern, 'u');
    for (const { file, text } of sources) {
      const index = text.split(/\r?\n/u).findIndex((line) => declaration.test(line));
      if (index !== -1) return { file, line: index + 1 + linesTo(argument, text, index) };
    }
  }
  return undefined;
}

const OPEN = '([{<';
const CLOSE = ')]}>';

/** How many lines below the beginning of a declaration one of its parameters stands; 0 where that is not clear. */
function linesTo(argument: number, text: string, from: number): number {
  const declaration = text.split(/\r?\n/u).slice(from).join('\n');
  const start = declaration.indexOf('(') + 1;
  if (argument === 0 || start === 0) return 0;
  let depth = 1;
  let parameter = 1;
  for (let at = start; at < declaration.length && depth > 0; at++) {
    const letter = declaration[at] ?? '';
    if (depth === 1 && parameter === argument && /\S/u.test(letter)) {
      return declaration.slice(0, at).split('\n').length - 1;
    }
    if (OPEN.includes(letter)) depth += 1;
    // An arrow closes nothing.
    else if (CLOSE.includes(letter) && declaration[at - 1] !== '=') depth -= 1;
    else if (letter === ',' && depth === 1) parameter += 1;
  }
  return 0;
}
