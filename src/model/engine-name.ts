/** What runs the workflows whose histories are replayed. `src/machine/engines.ts` has the table. */
export const ENGINE_NAMES = ['temporal'] as const;

export type EngineName = (typeof ENGINE_NAMES)[number];
