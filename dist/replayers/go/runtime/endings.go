package replaygate

import (
	"fmt"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	failurepb "go.temporal.io/api/failure/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
)

// What the SDK's replayer says of a workflow task that it failed, as protobuf prints it.
var (
	failureMessage = regexp.MustCompile(`^replay workflow failed with failure: message:\s*("(?:[^"\\]|\\.)*")`)
	failureStack   = regexp.MustCompile(`\bstack_trace:\s*("(?:[^"\\]|\\.)*")`)
)

// ending is an error of the SDK's replayer.
type ending struct {
	text string
	// hasFailed is true where the SDK failed the workflow task. stack is then that of a panic, or empty.
	hasFailed bool
	stack     string
}

func endingBy(err error) ending {
	text, hasFailed := unquoted(failureMessage, err.Error())
	if hasFailed {
		stack, _ := unquoted(failureStack, err.Error())
		return ending{text: text, hasFailed: true, stack: stack}
	}
	return endingByPanic(err)
}

// endingByPanic takes an error as the SDK has it: most releases hand a panic on, and do not print it.
func endingByPanic(err error) ending {
	panicked, isPanic := err.(interface{ StackTrace() string })
	if !isPanic {
		return ending{text: err.Error()}
	}
	return ending{text: err.Error(), hasFailed: true, stack: panicked.StackTrace()}
}

// explain is the outcome for an ending. docs/internals/replay-endings.md has a row for each.
func (r *run) explain(by ending) resultMessage {
	said := sayable(by.text)
	thrown, at := r.thrown()
	switch {
	case isNondeterminism(by.text):
		return resultMessage{Outcome: "nondeterministic", Message: said}
	case strings.HasPrefix(by.text, "unable to find workflow type"):
		return resultMessage{Outcome: "task-failed", Message: said}
	case by.hasFailed && thrown == "" && isOfStateMachines(by.stack):
		return resultMessage{Outcome: "nondeterministic", Message: said}
	case by.hasFailed || thrown != "" && strings.Contains(by.text, thrown):
		return resultMessage{Outcome: "task-failed", Message: said, place: at}
	}
	return resultMessage{Outcome: "errored", Message: said}
}

// encodedMessage is what a failure converter with EncodeCommonAttributes writes in the place of each message.
const encodedMessage = "Encoded failure"

// keptFailure keeps the error for which the SDK failed a workflow task, before the application's converter encodes it.
type keptFailure struct {
	converter.FailureConverter
	ending ending
}

func (k *keptFailure) ErrorToFailure(err error) *failurepb.Failure {
	if err != nil {
		k.ending = endingByPanic(err)
		k.ending.hasFailed = true
	}
	return k.FailureConverter.ErrorToFailure(err)
}

func keepFailure(failureConverter converter.FailureConverter) *keptFailure {
	if failureConverter == nil {
		failureConverter = temporal.GetDefaultFailureConverter()
	}
	return &keptFailure{FailureConverter: failureConverter}
}

// isNondeterminism tells by the text. The SDK panics with some of these on the stack of the code.
func isNondeterminism(text string) bool {
	return strings.Contains(text, "[TMPRL1100]") ||
		strings.Contains(text, "nondeterministic workflow") ||
		strings.HasPrefix(text, "replay workflow doesn't return the same result")
}

// stateMachines are the SDK's files that apply history to commands. They panic where an event finds no command of
// the code, not all of them with a text that says so.
var stateMachines = regexp.MustCompile(`/internal/internal_(?:command_state_machine|decision_state_machine|event_handlers|update)\.go:\d`)

// isOfStateMachines is true where the panic arose there: no code of the application stood above it.
func isOfStateMachines(stack string) bool {
	for _, line := range strings.Split(stack, "\n") {
		if !strings.HasPrefix(line, "\t") || strings.Contains(line, "/src/runtime/") {
			continue
		}
		return stateMachines.MatchString(line)
	}
	return false
}

func unquoted(form *regexp.Regexp, text string) (string, bool) {
	match := form.FindStringSubmatch(text)
	if match == nil {
		return "", false
	}
	inner, err := strconv.Unquote(match[1])
	return inner, err == nil
}

// letThrough is the outcome where the SDK let a panic through on the goroutine that replays. A worker would not
// complete the task, and would try it again for ever. It is called by what recovers.
func letThrough(thrown any) resultMessage {
	said := sayable(fmt.Sprint(thrown))
	counters := make([]uintptr, maxFrames)
	frames := runtime.CallersFrames(counters[:runtime.Callers(2, counters)])
	hasPanicked := false
	for {
		frame, more := frames.Next()
		switch {
		case frame.Function == "runtime.gopanic":
			hasPanicked = true
		case !hasPanicked:
		case isApplicationCode(frame):
			return resultMessage{Outcome: "task-failed", Message: said, place: place{File: frame.File, Line: frame.Line}}
		case strings.Contains(frame.File, "/internal/internal_"):
			return resultMessage{Outcome: "nondeterministic", Message: said}
		}
		if !more {
			// It arose in neither: a fault of ours.
			return resultMessage{Outcome: "errored", Message: said}
		}
	}
}
