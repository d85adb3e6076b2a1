import type { Engine } from '../engine/engine.js';
import type { EngineName } from '../model/engine-name.js';
import { temporal } from '../temporal/temporal.js';

/** Every engine. Nothing else knows which there are. */
export const ENGINES: Readonly<Record<EngineName, Engine>> = { temporal };
