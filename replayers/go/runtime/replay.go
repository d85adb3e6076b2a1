package replaygate

import (
	"reflect"
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
	result := a.result(message, run)
	result.Type = "result"
	result.ID = message.ID
	result.DurationMs = float64(time.Since(started).Microseconds()) / 1000
	if run.recording != nil {
		result.recorded = run.recording.take()
		if at, isKnown := a.definitions[message.WorkflowType]; isKnown {
			result.recorded.Definition = &at
		}
	}
	return result
}

func (a *application) result(message replayRequest, run *run) resultMessage {
	history := &historypb.History{}
	if err := proto.Unmarshal(message.History, history); err != nil {
		return resultMessage{Outcome: "errored", Message: "the history cannot be read: " + err.Error()}
	}
	result := a.judge(message, history, run)
	if result.Outcome == "task-failed" || result.Outcome == "nondeterministic" && message.Record {
		a.explainByPayloads(&result, message, history, run)
	}
	return result
}

// judge gives the SDK's answer. Only a replay of the whole history without an error passes.
func (a *application) judge(message replayRequest, history *historypb.History, run *run) (result resultMessage) {
	defer func() {
		if thrown := recover(); thrown != nil {
			result = letThrough(thrown)
		}
	}()
	replayer, err := a.newReplayer(run)
	if err != nil {
		return resultMessage{Outcome: "errored", Message: sayable(err.Error())}
	}
	if err := replayWith(replayer, message, history); err != nil {
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
		by := endingBy(err)
		if by.text == encodedMessage {
			by = a.decoded(by, message, history)
		}
		// A panic before the code began is a context propagator's or a converter's.
		isPanic := by.hasFailed && !isNondeterminism(by.text)
		if run.isInputUndecodable() && !isPanic {
			return resultMessage{Outcome: "task-failed", Message: "the input cannot be decoded to what the workflow takes"}
		}
		return run.explain(by)
	}
	if expected := endIn(history); expected != "" && run.endsAs() != expected {
		return resultMessage{Outcome: "nondeterministic", Message: endsOtherwise(expected, run.endsAs())}
	}
	return resultMessage{Outcome: "passed"}
}

func replayWith(replayer worker.WorkflowReplayer, message replayRequest, history *historypb.History) error {
	return replayer.ReplayWorkflowHistoryWithOptions(silentLogger{}, history, worker.ReplayWorkflowHistoryOptions{
		OriginalExecution: workflow.Execution{ID: message.WorkflowID, RunID: message.RunID},
	})
}

// decoded is the same ending, before the application's failure converter has encoded it.
func (a *application) decoded(encoded ending, message replayRequest, history *historypb.History) ending {
	again := &run{failure: keepFailure(a.options.FailureConverter)}
	replayer, err := a.newReplayer(again)
	if err == nil {
		err = replayWith(replayer, message, history)
	}
	if err == nil || again.failure.ending.text == "" {
		return encoded
	}
	return again.failure.ending
}

// explainByPayloads replays once more, with a converter that tells what it could not decode. What the second replay does changes nothing but the words.
func (a *application) explainByPayloads(result *resultMessage, message replayRequest, history *historypb.History, first *run) {
	again := &run{watch: a.newWatch(message.WorkflowType, history)}
	a.judge(message, history, again)
	found := again.watch.all()
	if result.Outcome == "task-failed" && !first.isInputUndecodable() {
		// Of an earlier task, the code has gone on without it.
		found = inTask(found, again.panicTask())
	}
	result.Undecoded = found
	if result.Outcome == "task-failed" && len(found) > 0 {
		result.Message = found[len(found)-1].inWords()
	}
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
	if run != nil && run.watch != nil {
		options.DataConverter = run.watch.over(options.DataConverter)
	}
	if run != nil && run.failure != nil {
		options.FailureConverter = run.failure
	}
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

// silentLogger keeps the SDK's log off standard error, whose last lines explain how a process ended.
type silentLogger struct{}

func (silentLogger) Debug(string, ...any) {}
func (silentLogger) Info(string, ...any)  {}
func (silentLogger) Warn(string, ...any)  {}
func (silentLogger) Error(string, ...any) {}
