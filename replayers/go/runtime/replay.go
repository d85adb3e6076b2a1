package replaygate

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unsafe"

	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/proto"
)

func (a *application) replay(message replayRequest) resultMessage {
	started := time.Now()
	run := &run{}
	if message.Record {
		run.recording = newRecording()
		run.contents = newContents(a.options.DataConverter, a.options.FailureConverter)
	}
	result := a.judge(message, run)
	result.Type = "result"
	result.ID = message.ID
	result.DurationMs = float64(time.Since(started).Microseconds()) / 1000
	if run.recording != nil {
		result.recorded = run.recording.take()
	}
	return result
}

// judge gives the SDK's answer. Only a replay of the whole history without an error passes.
func (a *application) judge(message replayRequest, run *run) (result resultMessage) {
	defer func() {
		// The SDK let a panic through on this goroutine, so it has not judged.
		if thrown := recover(); thrown != nil {
			result = resultMessage{Outcome: "errored", Message: fmt.Sprint(thrown)}
		}
	}()
	history := &historypb.History{}
	if err := proto.Unmarshal(message.History, history); err != nil {
		return resultMessage{Outcome: "errored", Message: "the history cannot be read: " + err.Error()}
	}
	replayer, err := a.newReplayer(run)
	if err != nil {
		return resultMessage{Outcome: "errored", Message: err.Error()}
	}
	err = replayer.ReplayWorkflowHistoryWithOptions(silentLogger{}, history, worker.ReplayWorkflowHistoryOptions{
		OriginalExecution: workflow.Execution{ID: message.WorkflowID, RunID: message.RunID},
	})
	if err != nil {
		if encoding := undecodable(history, a.options.DataConverter); encoding != "" {
			// The worker that wrote the history could read it, so our set-up differs and not the code.
			return resultMessage{
				Outcome: "errored",
				Message: "its payloads are encoded as " + encoding + ", which no converter here decodes: name a function " +
					"after the one that registers, as in ./worker#Register,ReplayerOptions, that returns " +
					"worker.WorkflowReplayerOptions with the worker's DataConverter, or set codec-endpoint to a codec " +
					"server that decodes them before",
			}
		}
		if run.isInputUndecodable() {
			return resultMessage{
				Outcome: "task-failed",
				Message: "the input cannot be decoded to what the workflow takes: " + err.Error(),
			}
		}
		return run.explain(err)
	}
	if expected := endIn(history); expected != "" && run.endsAs() != expected {
		does := "the replayed code goes on"
		if end := run.endsAs(); end != "" {
			does = "replay command is " + end
		}
		return resultMessage{
			Outcome: "nondeterministic",
			Message: fmt.Sprintf("nondeterministic workflow: the history ends by %s, %s", expected, does),
		}
	}
	return resultMessage{Outcome: "passed"}
}

// endIn is the command that ended a history as failed or cancelled. The SDK compares the end only of a workflow that
// completed or continued as new.
func endIn(history *historypb.History) string {
	if len(history.Events) == 0 {
		return ""
	}
	switch history.Events[len(history.Events)-1].GetEventType() {
	case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED:
		return "FailWorkflowExecution"
	case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED:
		return "CancelWorkflowExecution"
	}
	return ""
}

// newReplayer makes a replayer with everything that the application registered.
func (a *application) newReplayer(run *run) (worker.WorkflowReplayer, error) {
	options := a.options
	options.Interceptors = append([]WorkerInterceptor{&guard{run: run}}, options.Interceptors...)
	if run != nil && run.recording != nil {
		// The last is next to the SDK, so it also sees what the application's own interceptors do.
		options.Interceptors = append(options.Interceptors, &recorder{recording: run.recording, contents: run.contents})
	}
	replayer, err := worker.NewWorkflowReplayerWithOptions(options)
	if err != nil {
		return nil, err
	}
	activities := activitiesOf(replayer)
	for _, register := range a.registrations {
		register(replayer, activities)
	}
	return replayer, nil
}

// activitiesOf is the registry of a replayer. It takes activities as a worker's does, but has no public method for
// that. Without it, an activity that is registered under another name and called by its function would get the
// function's name. The field has had this name in every release so far. It is nil where a release has another.
func activitiesOf(replayer worker.WorkflowReplayer) worker.ActivityRegistry {
	value := reflect.ValueOf(replayer)
	if value.Kind() != reflect.Pointer || value.Elem().Kind() != reflect.Struct {
		return nil
	}
	field := value.Elem().FieldByName("registry")
	if !field.IsValid() || !field.CanAddr() {
		return nil
	}
	inner := reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
	activities, _ := inner.Interface().(worker.ActivityRegistry)
	return activities
}

// failureMessage is the message of the failure that the SDK prints as the reason of its error.
var failureMessage = regexp.MustCompile(`^replay workflow failed with failure: message:\s*("(?:[^"\\]|\\.)*")`)

func (r *run) explain(err error) resultMessage {
	text := err.Error()
	if match := failureMessage.FindStringSubmatch(text); match != nil {
		if unquoted, err := strconv.Unquote(match[1]); err == nil {
			text = unquoted
		}
	}
	thrown, at := r.thrown()
	switch {
	case strings.Contains(text, "[TMPRL1100]"),
		strings.Contains(text, "nondeterministic workflow"),
		strings.HasPrefix(text, "replay workflow doesn't return the same result"):
		return resultMessage{Outcome: "nondeterministic", Message: text}
	case strings.HasPrefix(text, "unable to find workflow type"):
		return resultMessage{Outcome: "task-failed", Message: text}
	case text != err.Error() || thrown != "" && strings.Contains(text, thrown):
		return resultMessage{Outcome: "task-failed", Message: text, place: at}
	}
	return resultMessage{Outcome: "errored", Message: text}
}

// silentLogger keeps the SDK's log off standard error, whose last lines explain how a process ended.
type silentLogger struct{}

func (silentLogger) Debug(string, ...any) {}
func (silentLogger) Info(string, ...any)  {}
func (silentLogger) Warn(string, ...any)  {}
func (silentLogger) Error(string, ...any) {}
