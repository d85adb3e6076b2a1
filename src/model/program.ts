/** How the tool is called in a terminal. */
export const PROGRAM = 'npx github:OWNER/temporal-replay-action';
