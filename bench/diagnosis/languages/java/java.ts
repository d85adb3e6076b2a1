import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { replayEnvironment } from '../../../../src/replay/environment.js';
import { findJavaSdk, JAVA_SDKS } from '../../../../testing/java-sdk.js';
import { required } from '../../../../testing/toolchain.js';
import { programCorpus } from '../programs.js';
import { WorkerHost } from '../worker-host.js';

const CORPUS = join(import.meta.dirname, 'corpus');

/** All workers in one JVM, each with a class loader of its own. */
export const JAVA = programCorpus({
  name: 'java',
  lanes: 4,
  corpus: CORPUS,
  fileOf: (workflowType) =>
    sourceOf(`${workflowType.charAt(0).toUpperCase()}${workflowType.slice(1)}`),
  // The SDK draws them from the Run ID.
  passing: ['activityId', 'timerId'],
  findToolchain: async () => {
    const sdk = required(await findJavaSdk(JAVA_SDKS.newest));
    const host = await WorkerHost.start(
      'java',
      ['-XX:+UseSerialGC', '-cp', sdk.classPath, join(import.meta.dirname, 'Host.java')],
      // The SDK's guard against endless loops takes a busy machine for one.
      { ...replayEnvironment(process.env, 'java'), TEMPORAL_DEBUG: '1' },
    );
    const files = [sourceOf('Activities'), sourceOf('ActivitiesImpl')];
    const texts = await Promise.all(files.map((file) => readFile(join(CORPUS, file), 'utf8')));
    return {
      sdk: `temporal-sdk ${sdk.version}`,
      environment: {},
      files: Object.fromEntries(files.map((file, index) => [file, texts[index] ?? ''])),
      replayVariables: () => ({
        REPLAY_CLASSPATH: [join('target', 'classes'), sdk.classPath].join(delimiter),
      }),
      build: ({ folder }) => host.order('compile', folder),
      startWorker: ({ folder }, poll) => host.startWorker(poll, folder),
      close: () => host.close(),
    };
  },
});

function sourceOf(className: string): string {
  return join('src', 'main', 'java', 'corpus', `${className}.java`);
}
