import { InterceptingCall, type Interceptor } from '@grpc/grpc-js';
import proto from '@temporalio/proto';
import protobuf from 'protobufjs';

const { DataBlob } = proto.temporal.api.common.v1;
const { ENCODING_TYPE_PROTO3 } = proto.temporal.api.enums.v1.EncodingType;

const METHOD = '/temporal.api.workflowservice.v1.WorkflowService/GetWorkflowExecutionHistory';

/** Tags of GetWorkflowExecutionHistoryResponse: fields 1 and 2, each length-delimited. */
const HISTORY_TAG = 10;
const RAW_HISTORY_TAG = 18;

/**
 * Hands histories on as bytes, in the field `raw_history` that the response has for it, instead of decoded: the
 * client would decode each event whole, which takes longer than all else that a read costs here.
 */
export const rawHistories: Interceptor = (options, nextCall) => {
  const call = nextCall(options);
  if (options.method_definition.path !== METHOD) return new InterceptingCall(call);
  return new InterceptingCall(call, {
    start: (metadata, _, next) => {
      next(metadata, {
        // The client's calls are of bytes; it decodes them itself.
        onReceiveMessage: (message: unknown, nextMessage) =>
          nextMessage(message instanceof Uint8Array ? withRawHistory(message) : message),
      });
    },
  });
};

/** A binary GetWorkflowExecutionHistoryResponse whose history is in its `raw_history`; what is none stays as it is. */
export function withRawHistory(response: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  const reader = protobuf.Reader.create(response);
  try {
    while (reader.pos < reader.len) {
      const start = reader.pos;
      const tag = reader.uint32();
      if (tag === HISTORY_TAG) {
        const data = reader.bytes();
        const blob = DataBlob.encode({ encodingType: ENCODING_TYPE_PROTO3, data });
        parts.push(protobuf.Writer.create().uint32(RAW_HISTORY_TAG).bytes(blob.finish()).finish());
      } else {
        reader.skipType(tag & 7);
        parts.push(response.subarray(start, reader.pos));
      }
    }
  } catch {
    // The client says what is wrong with it.
    return response;
  }
  return Buffer.concat(parts);
}
