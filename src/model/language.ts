/** The languages of workflow code; `command` is a third party's replayer for any other language. */
export const LANGUAGES = ['typescript', 'python', 'go', 'java', 'command'] as const;

export type Language = (typeof LANGUAGES)[number];

/** The language whose replayer is started, and what decided it. */
export interface ChosenLanguage {
  readonly name: Language;
  /** What in the workspace decided; undefined where the input `language` names it. */
  readonly because: string | undefined;
}
