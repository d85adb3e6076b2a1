package replaygate

import (
	"errors"
	"reflect"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// contents tells what commands carry. Interceptors see the code's arguments, and not the command that the SDK makes
// of them. So this does what the SDK does next: it converts payloads with the worker's converter, and takes options
// as they are. It ignores a converter that the code sets on a context, which has no public name.
type contents struct {
	dataConverter    converter.DataConverter
	failureConverter converter.FailureConverter
}

func newContents(dataConverter converter.DataConverter, failureConverter converter.FailureConverter) *contents {
	if dataConverter == nil {
		dataConverter = converter.GetDefaultDataConverter()
	}
	if failureConverter == nil {
		failureConverter = temporal.GetDefaultFailureConverter()
	}
	return &contents{dataConverter: dataConverter, failureConverter: failureConverter}
}

// withoutCodec is a payload as it was before any codec; nil where that is unknown.
var withoutCodec = func(converter.DataConverter, *commonpb.Payload) *commonpb.Payload { return nil }

// plainEncodings are those of the SDK's own converters. The parent has the same list.
var plainEncodings = map[string]bool{
	"json/plain":      true,
	"json/protobuf":   true,
	"binary/plain":    true,
	"binary/protobuf": true,
	"binary/null":     true,
}

// telling collects one command's contents.
type telling struct {
	*carries
	contents *contents
	ctx      workflow.Context
}

// tell is nil where the contents are unknown. The SDK itself reports values that no converter takes.
func (c *contents) tell(ctx workflow.Context, add func(to *telling)) (told *carries) {
	defer func() {
		if recover() != nil {
			told = nil
		}
	}()
	to := &telling{carries: newCarries(), contents: c, ctx: ctx}
	add(to)
	return to.done()
}

// plain is a payload as it was before any codec.
func (t *telling) plain(payload *commonpb.Payload) *commonpb.Payload {
	if payload == nil || plainEncodings[metadataText(payload, converter.MetadataEncoding)] {
		return payload
	}
	decoded := withoutCodec(t.dataConverter(), payload)
	if decoded == nil || !plainEncodings[metadataText(decoded, converter.MetadataEncoding)] {
		t.isEncoded = true
		return nil
	}
	return decoded
}

func (t *telling) plainPayloads(noun string, payloads *commonpb.Payloads) {
	plain := &commonpb.Payloads{}
	for _, payload := range payloads.GetPayloads() {
		plain.Payloads = append(plain.Payloads, t.plain(payload))
	}
	t.payloads(noun, plain)
}

func (t *telling) dataConverter() converter.DataConverter {
	if aware, ok := t.contents.dataConverter.(workflow.ContextAware); ok {
		return aware.WithWorkflowContext(t.ctx)
	}
	return t.contents.dataConverter
}

func (t *telling) encoded(values ...any) *commonpb.Payloads {
	if len(values) == 0 {
		return nil
	}
	payloads, err := t.dataConverter().ToPayloads(values...)
	if err != nil {
		panic(err)
	}
	return payloads
}

func (t *telling) arguments(values []any) { t.plainPayloads("argument", t.encoded(values...)) }

func (t *telling) result(value any) {
	if payloads := t.encoded(value).GetPayloads(); len(payloads) > 0 {
		t.payload("result", t.plain(payloads[0]))
	}
}

func (t *telling) failed(err error) {
	failure := t.contents.failureConverter.ErrorToFailure(err)
	// Details and encoded messages may each have gone through a codec.
	for inner := failure; inner != nil; inner = inner.GetCause() {
		if encoded := inner.GetEncodedAttributes(); encoded != nil {
			inner.EncodedAttributes = t.plain(encoded)
		}
		for index, detail := range inner.GetApplicationFailureInfo().GetDetails().GetPayloads() {
			inner.GetApplicationFailureInfo().GetDetails().Payloads[index] = t.plain(detail)
		}
	}
	t.failure(failure)
}

// memo is encoded by the default converter or by the application's, depending on the SDK's release when the
// execution began. Before any codec, both nearly always give the same.
func (t *telling) memo(values map[string]any) {
	for key, value := range values {
		t.payload("memo "+key, t.plain(t.encoded(value).GetPayloads()[0]))
	}
}

// searchAttributes always uses the default converter.
func (t *telling) searchAttributes(values map[string]any) {
	for key, value := range values {
		payload, isPayload := value.(*commonpb.Payload)
		if !isPayload {
			var err error
			if payload, err = converter.GetDefaultDataConverter().ToPayload(value); err != nil {
				panic(err)
			}
		}
		t.payload("search attribute "+key, payload)
	}
}

// priority does nothing in releases that do not have this option.
func (t *telling) priority(options any) {
	priority := reflect.ValueOf(options).FieldByName("Priority")
	if !priority.IsValid() || priority.Kind() != reflect.Struct {
		return
	}
	if key := priority.FieldByName("PriorityKey"); key.IsValid() && key.CanInt() {
		t.number("priority.priorityKey", float64(key.Int()))
	}
	if key := priority.FieldByName("FairnessKey"); key.IsValid() && key.Kind() == reflect.String {
		t.text("priority.fairnessKey", key.String())
	}
	if weight := priority.FieldByName("FairnessWeight"); weight.IsValid() && weight.CanFloat() {
		t.number("priority.fairnessWeight", weight.Float())
	}
}

func (c *contents) timer(ctx workflow.Context, length time.Duration) *carries {
	return c.tell(ctx, func(to *telling) { to.duration("startToFireTimeout", length) })
}

func (c *contents) activity(ctx workflow.Context, args []any) *carries {
	return c.tell(ctx, func(to *telling) {
		options := workflow.GetActivityOptions(ctx)
		to.arguments(args)
		to.text("taskQueue", firstText(sessionTaskQueue(ctx), options.TaskQueue, workflow.GetInfo(ctx).TaskQueueName)).
			duration("scheduleToCloseTimeout", options.ScheduleToCloseTimeout).
			duration("scheduleToStartTimeout", options.ScheduleToStartTimeout).
			duration("startToCloseTimeout", options.StartToCloseTimeout).
			duration("heartbeatTimeout", options.HeartbeatTimeout).
			retryPolicy(options.RetryPolicy)
		to.priority(options)
	})
}

// sessionTaskQueue is the task queue of the context's session, or empty. No option has it.
func sessionTaskQueue(ctx workflow.Context) string {
	info := workflow.GetSessionInfo(ctx)
	if info == nil || info.SessionState != workflow.SessionStateOpen {
		return ""
	}
	queue := reflect.ValueOf(info).Elem().FieldByName("taskqueue")
	if !queue.IsValid() || queue.Kind() != reflect.String {
		return ""
	}
	return queue.String()
}

// In the order of their numbers in Temporal's API. The default is left empty.
var (
	parentClosePolicies = []string{"TERMINATE", "TERMINATE", "ABANDON", "REQUEST_CANCEL"}
	idReusePolicies     = []string{
		"ALLOW_DUPLICATE", "ALLOW_DUPLICATE", "ALLOW_DUPLICATE_FAILED_ONLY", "REJECT_DUPLICATE", "TERMINATE_IF_RUNNING",
	}
)

func (c *contents) child(ctx workflow.Context, args []any) *carries {
	return c.tell(ctx, func(to *telling) {
		options := workflow.GetChildWorkflowOptions(ctx)
		to.arguments(args)
		to.text("taskQueue", firstText(options.TaskQueue, workflow.GetInfo(ctx).TaskQueueName)).
			duration("workflowExecutionTimeout", options.WorkflowExecutionTimeout).
			duration("workflowRunTimeout", options.WorkflowRunTimeout).
			duration("workflowTaskTimeout", options.WorkflowTaskTimeout).
			word("parentClosePolicy", parentClosePolicies, int(options.ParentClosePolicy)).
			word("workflowIdReusePolicy", idReusePolicies, int(options.WorkflowIDReusePolicy)).
			retryPolicy(options.RetryPolicy).
			text("cronSchedule", options.CronSchedule)
		to.memo(options.Memo)
		to.searchAttributes(options.SearchAttributes)
		to.searchAttributes(typedAttributes(options))
		to.priority(options)
	})
}

// typedAttributes are typed search attributes by name. Earlier releases do not have the option.
var typedAttributes = func(workflow.ChildWorkflowOptions) map[string]any { return nil }

func (c *contents) signal(ctx workflow.Context, workflowID string, argument any) *carries {
	return c.tell(ctx, func(to *telling) {
		to.arguments([]any{argument})
		to.secret("target Workflow ID", workflowID)
	})
}

func (c *contents) cancellation(ctx workflow.Context, workflowID string) *carries {
	return c.tell(ctx, func(to *telling) { to.secret("target Workflow ID", workflowID) })
}

func (c *contents) upsertedSearchAttributes(ctx workflow.Context, values map[string]any) *carries {
	return c.tell(ctx, func(to *telling) { to.searchAttributes(values) })
}

func (c *contents) upsertedMemo(ctx workflow.Context, values map[string]any) *carries {
	return c.tell(ctx, func(to *telling) { to.memo(values) })
}

func (c *contents) updateResult(ctx workflow.Context, result any, err error) *carries {
	return c.tell(ctx, func(to *telling) {
		if err != nil {
			to.failed(err)
		} else {
			to.result(result)
		}
	})
}

// end is what the command that ends the workflow carries.
func (c *contents) end(ctx workflow.Context, result any, err error) *carries {
	return c.tell(ctx, func(to *telling) {
		var continued *workflow.ContinueAsNewError
		switch {
		case err == nil && result != nil:
			to.result(result)
		case errors.As(err, &continued):
			to.plainPayloads("argument", continued.Input)
			to.text("taskQueue", firstText(continued.TaskQueueName, workflow.GetInfo(ctx).TaskQueueName)).
				duration("workflowRunTimeout", continued.WorkflowRunTimeout).
				duration("workflowTaskTimeout", continued.WorkflowTaskTimeout)
			backoff := reflect.ValueOf(continued).Elem().FieldByName("BackoffStartInterval")
			if backoff.IsValid() && backoff.CanInt() {
				to.duration("backoffStartInterval", time.Duration(backoff.Int()))
			}
		case err != nil && !isCanceled(err):
			to.failed(err)
		}
	})
}

func firstText(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
