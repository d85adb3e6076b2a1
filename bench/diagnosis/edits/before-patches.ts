import type { CorpusLanguageName } from '../languages/language.js';

/** How the code asks for a patch, and what it asked where there was none. */
const ASKED: Readonly<Record<CorpusLanguageName, readonly [asked: RegExp, before: string]>> = {
  typescript: [/\bpatched\('[^']+'\)/gu, 'false'],
  python: [/\bworkflow\.patched\("[^"]+"\)/gu, 'False'],
  go: [/\bworkflow\.GetVersion\([^)]*\)/gu, 'workflow.DefaultVersion'],
  java: [/\bWorkflow\.getVersion\([^)]*\)/gu, 'Workflow.DEFAULT_VERSION'],
};

/** A workflow as it was before its patches: the executions that it began have no marker of them. */
export function beforePatches(text: string, language: CorpusLanguageName): string {
  const [asked, before] = ASKED[language];
  return text.replaceAll(asked, before);
}

/** Whether an edit changes which patches are asked for, and how. */
export function changesPatches(
  base: string,
  edited: string,
  language: CorpusLanguageName,
): boolean {
  const [asked] = ASKED[language];
  const calls = (text: string): string => JSON.stringify(text.match(asked) ?? []);
  return calls(base) !== calls(edited);
}
