import type { ReplayWorkerOptions } from '@temporalio/worker';
import { EncryptionCodec } from './encryption-codec';

/**
 * What the replay worker must share with the real one, apart from the workflow code. The codec is
 * always there: it leaves payloads alone that are not encrypted.
 */
const replayOptions: Pick<ReplayWorkerOptions, 'dataConverter'> = {
  dataConverter: { payloadCodecs: [EncryptionCodec.fromEnvironment()] },
};

export default replayOptions;
