/** Patches that an SDK asks for by itself, such as the TypeScript SDK's `condition`. No line of code names them. */
const INTERNAL = '__sdk_internal';

export function isInternalPatch(id: string): boolean {
  return id.startsWith(INTERNAL);
}

/** The text without their names, which would send a reader looking for what no code holds. */
export function withoutInternalPatches(text: string): string {
  return text.includes(INTERNAL)
    ? text.replace(/['"`]?__sdk_internal[\w:.-]*['"`]?/gu, INTERNAL_PATCH_WORDS)
    : text;
}

export const INTERNAL_PATCH_WORDS = "a patch of the SDK's own";
