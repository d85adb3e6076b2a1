import {
  CompiledReplayer,
  failureToStartIn,
  type CompiledLanguage,
  type CompiledReplayerOptions,
} from './compiled-replayer.js';

/** Compiling the SDK itself, where nobody has done so yet, takes minutes. */
const GO: CompiledLanguage = { name: 'go', startMs: 900_000 };

export type GoReplayerOptions = CompiledReplayerOptions;

export type GoReplayer = CompiledReplayer;

export const GoReplayer = {
  start: (folder: string, options: GoReplayerOptions = {}): Promise<GoReplayer> =>
    CompiledReplayer.startIn(GO, folder, options),
};

/** How the replayer refuses to start. */
export function failureToStartGo(
  folder: string,
  options: GoReplayerOptions = {},
): ReturnType<typeof failureToStartIn> {
  return failureToStartIn(GO, folder, options);
}
