import {
  CompiledReplayer,
  failureToStartIn,
  type CompiledLanguage,
  type CompiledReplayerOptions,
} from './compiled-replayer.js';

/** Maven may have to download what tells the class path. */
const JAVA: CompiledLanguage = { name: 'java', startMs: 300_000 };

export type JavaReplayerOptions = CompiledReplayerOptions;

export type JavaReplayer = CompiledReplayer;

export const JavaReplayer = {
  start: (folder: string, options: JavaReplayerOptions = {}): Promise<JavaReplayer> =>
    CompiledReplayer.startIn(JAVA, folder, options),
};

/** How the replayer refuses to start. */
export function failureToStartJava(
  folder: string,
  options: JavaReplayerOptions = {},
): ReturnType<typeof failureToStartIn> {
  return failureToStartIn(JAVA, folder, options);
}
