import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Parts of the runtime that not every release of the SDK supports: file, source, text in it. */
const FEATURES: readonly (readonly [file: string, source: string, text: string])[] = [
  ['dynamic_workflow', 'worker/worker.go', 'RegisterDynamicWorkflow('],
  ['dynamic_activity', 'worker/worker.go', 'RegisterDynamicActivity('],
  ['nexus_service', 'worker/worker.go', 'RegisterNexusService('],
  ['timer_options', 'internal/interceptor.go', '\tNewTimerWithOptions(ctx Context'],
  ['await_options', 'internal/interceptor.go', '\tAwaitWithOptions(ctx Context'],
  ['side_effect_options', 'internal/interceptor.go', '\tSideEffectWithOptions(ctx Context'],
  ['version_options', 'internal/interceptor.go', '\tGetVersionWithOptions('],
  [
    'signal_channel_options',
    'internal/interceptor.go',
    '\tGetSignalChannelWithOptions(ctx Context',
  ],
  [
    'typed_search_attributes',
    'internal/interceptor.go',
    '\tUpsertTypedSearchAttributes(ctx Context',
  ],
  ['raw_value', 'converter/composite_data_converter.go', '(*RawValue)'],
  [
    'serialization_context',
    'converter/serialization_context.go',
    'type DataConverterWithSerializationContext',
  ],
  ['nexus_operation', 'internal/interceptor.go', 'input ExecuteNexusOperationInput)'],
  ['nexus_types', 'internal/interceptor.go', 'input ExecuteNexusOperationInput)'],
];

/**
 * The runtime's optional files that the SDK in this folder supports. Its source decides and not its version,
 * because a fork or a pseudo-version can have any number.
 */
export function optionalFiles(sdkFolder: string): string[] {
  const sources = new Map<string, string>();
  const read = (source: string): string => {
    const path = join(sdkFolder, source);
    const text = sources.get(source) ?? (existsSync(path) ? readFileSync(path, 'utf8') : '');
    sources.set(source, text);
    return text;
  };
  return FEATURES.filter(([, source, text]) => read(source).includes(text)).map(
    ([file]) => `feature_${file}.go`,
  );
}
