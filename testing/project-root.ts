import { join } from 'node:path';

/** The checkout of this project. */
export const projectRoot = join(import.meta.dirname, '..');
