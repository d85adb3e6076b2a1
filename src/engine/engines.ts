import type { EngineName } from '../model/engine-name.js';
import { temporal } from '../temporal/temporal.js';
import type { Engine } from './engine.js';

/** Every engine. Nothing else asks which one it is. */
export const ENGINES: Readonly<Record<EngineName, Engine>> = { temporal };
