import { HistoryMessage } from '../history/proto.js';
import type { HistoryRead } from '../../model/history.js';
import { UserError } from '../../model/user-error.js';
import { encodedPayloads } from './encoded-payloads.js';
import { UndecodablePayloads, type RemoteCodec } from './remote-codec.js';

/** If a codec cannot decode any of this many histories, it is the wrong codec or has the wrong keys. */
const HOPELESS = 5;

/**
 * Decodes histories in this process, which holds the credential. So the code under test needs neither the codec
 * nor its keys.
 */
export class HistoryDecoder {
  private readonly codec: RemoteCodec;
  private decoded = 0;
  private refused = 0;
  private hopeless: UserError | undefined;

  constructor(codec: RemoteCodec) {
    this.codec = codec;
  }

  /**
   * The same read with decoded payloads. It is `unreadable` where the codec refuses this history's payloads, and
   * where `signal` is aborted before they are decoded.
   *
   * @throws UserError when no history could be decoded
   */
  async decode(read: HistoryRead, signal: AbortSignal): Promise<HistoryRead> {
    // A history without a completed task is not replayed.
    if (read.kind !== 'read' || read.history.completedTasks === 0) return read;
    const { execution } = read;
    const history = HistoryMessage.decode(read.history.bytes);
    const encoded = encodedPayloads(history);
    if (encoded.length === 0) return read;
    try {
      const payloads = await this.codec.decode(encoded, signal);
      for (const [index, payload] of payloads.entries())
        Object.assign(encoded[index] ?? {}, payload);
    } catch (error) {
      if (signal.aborted) {
        return { kind: 'unreadable', execution, message: 'there was no time left to decode it' };
      }
      if (!(error instanceof UndecodablePayloads)) throw error;
      this.refused += 1;
      // Others are under way: all of them end with the same error.
      if (this.decoded === 0 && this.refused >= HOPELESS) {
        throw (this.hopeless ??= hopelessCodec(this.refused, error));
      }
      return { kind: 'unreadable', execution, message: error.message };
    }
    this.decoded += 1;
    return {
      ...read,
      history: { ...read.history, bytes: HistoryMessage.encode(history).finish() },
    };
  }
}

function hopelessCodec(refused: number, error: UndecodablePayloads): UserError {
  return new UserError(
    {
      found: `None of ${refused} histories could be decoded. ${error.message}`,
      expected: "a codec that has the keys of the namespace's payloads",
      fix: "check codec-endpoint and namespace, and the codec server's log",
    },
    { cause: error },
  );
}
