package replaygate

import (
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
)

// A raw value takes a payload as it is, after the codecs have decoded it.
func init() {
	withoutCodec = func(dataConverter converter.DataConverter, payload *commonpb.Payload) *commonpb.Payload {
		var raw converter.RawValue
		if dataConverter.FromPayload(payload, &raw) != nil {
			return nil
		}
		return raw.Payload()
	}
}
