/** What workflow code may be written in; `command` is a third party's replayer for any other. */
export const LANGUAGES = ['typescript', 'python', 'go', 'java', 'command'] as const;

export type Language = (typeof LANGUAGES)[number];

/** The language whose replayer is started, and how that was decided. */
export interface ChosenLanguage {
  readonly name: Language;
  /** What in the workspace decided; undefined where the input `language` names it. */
  readonly because: string | undefined;
}
