/** The language of each SDK, by the name that the SDK writes into workflow tasks (`sdkMetadata.sdkName`). */
const LANGUAGES: ReadonlyMap<string, string> = new Map([
  ['temporal-typescript', 'typescript'],
  ['temporal-python', 'python'],
  ['temporal-go', 'go'],
  ['temporal-java', 'java'],
  ['temporal-dotnet', 'dotnet'],
  ['temporal-ruby', 'ruby'],
  ['temporal-php', 'php'],
  ['temporal-swift', 'swift'],
]);

export function languageOf(sdkName: string): string | undefined {
  return LANGUAGES.get(sdkName);
}
