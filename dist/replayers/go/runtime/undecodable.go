package replaygate

import (
	"errors"

	commonpb "go.temporal.io/api/common/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// undecodable is the first encoding in a history that the converter does not know, or empty. Headers do not count,
// because context propagators read them and no converter.
func undecodable(history *historypb.History, dataConverter converter.DataConverter) string {
	if dataConverter == nil {
		dataConverter = converter.GetDefaultDataConverter()
	}
	found := ""
	var walk func(message protoreflect.Message)
	look := func(message protoreflect.Message) {
		payload, isPayload := message.Interface().(*commonpb.Payload)
		if !isPayload {
			walk(message)
			return
		}
		var value any
		err := dataConverter.FromPayload(payload, &value)
		if found == "" && errors.Is(err, converter.ErrEncodingIsNotSupported) {
			found = string(payload.GetMetadata()[converter.MetadataEncoding])
		}
	}
	walk = func(message protoreflect.Message) {
		message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
			switch {
			case field.Kind() != protoreflect.MessageKind && !field.IsMap(), field.Name() == "header":
			case field.IsMap():
				if field.MapValue().Kind() == protoreflect.MessageKind {
					value.Map().Range(func(_ protoreflect.MapKey, entry protoreflect.Value) bool {
						look(entry.Message())
						return found == ""
					})
				}
			case field.IsList():
				for index := 0; index < value.List().Len() && found == ""; index++ {
					look(value.List().Get(index).Message())
				}
			default:
				look(value.Message())
			}
			return found == ""
		})
	}
	walk(history.ProtoReflect())
	return found
}
