import type { Engine } from '../engine/engine.js';
import type { EngineName } from '../model/engine-name.js';
import { temporal } from '../temporal/temporal.js';

/** Every engine. Only this table names them. */
export const ENGINES: Readonly<Record<EngineName, Engine>> = { temporal };
