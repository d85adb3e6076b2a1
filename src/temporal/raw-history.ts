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
 * Passes histories on as bytes, in the response's field `raw_history`. Otherwise the client would decode each event
 * as a whole, which takes longer than everything else in a read.
 */
export const rawHistories: Interceptor = (options, nextCall) => {
  const call = nextCall(options);
  if (options.method_definition.path !== METHOD) return new InterceptingCall(call);
  return new InterceptingCall(call, {
    start: (metadata, _, next) => {
      next(metadata, {
        // The client gets bytes from a call, and decodes them itself.
        onReceiveMessage: (message: unknown, nextMessage) =>
          nextMessage(message instanceof Uint8Array ? withRawHistory(message) : message),
      });
    },
  });
};

/** Moves the history of a binary GetWorkflowExecutionHistoryResponse to `raw_history`. Other bytes stay as they are. */
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
    // The client will say what is wrong with the response.
    return response;
  }
  return Buffer.concat(parts);
}
