package replaygate

import (
	"reflect"
	"strings"
	"sync"

	commonpb "go.temporal.io/api/common/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/proto"
)

// undecoded is a payload of history that the code asked for and that could not be decoded to what it asked for.
type undecoded struct {
	belonging
	Reason        string `json:"reason"`
	HistoryLength int    `json:"historyLength"`
	place
}

// maxUndecoded is how many the protocol takes.
const maxUndecoded = 1000

// watch notes what a data converter cannot decode. It is used only to explain a replay that broke: the SDK asks some
// converters for more than a wrapper can have, so a watched replay never decides.
type watch struct {
	history *historypb.History
	// input is the place of a workflow's argument, counted from 1.
	input func(argument int) place

	mutex sync.Mutex
	found []undecoded
	// now is the execution, as soon as its code was called.
	now *workflow.Info
}

func (a *application) newWatch(workflowType string, history *historypb.History) *watch {
	return &watch{history: history, input: func(argument int) place {
		return placeOfParameter(a.definitions[workflowType], argument)
	}}
}

func (w *watch) began(info *workflow.Info) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.now = info
}

func (w *watch) all() []undecoded {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return append([]undecoded{}, w.found...)
}

func (w *watch) note(payload *commonpb.Payload, target any, err error) {
	of := belongingOf(w.history, payload)
	at, isClosing := currentPlace()
	if isClosing {
		return
	}
	if at.File == "" && of.Of == "workflow" {
		at = w.input(of.Argument)
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	length := firstTask(w.history)
	if w.now != nil {
		length = w.now.GetCurrentHistoryLength()
	}
	if len(w.found) < maxUndecoded {
		w.found = append(w.found, undecoded{
			belonging: of, Reason: reasonNotToDecode(err, target), HistoryLength: length, place: at,
		})
	}
}

// watchedConverter tells a watch what the converter behind it cannot decode.
type watchedConverter struct {
	converter.DataConverter
	watch *watch
}

func (w *watch) over(dataConverter converter.DataConverter) converter.DataConverter {
	if dataConverter == nil {
		dataConverter = converter.GetDefaultDataConverter()
	}
	return &watchedConverter{DataConverter: dataConverter, watch: w}
}

func (c *watchedConverter) FromPayload(payload *commonpb.Payload, target any) error {
	err := c.DataConverter.FromPayload(payload, target)
	if err != nil {
		c.watch.note(payload, target, err)
	}
	return err
}

func (c *watchedConverter) FromPayloads(payloads *commonpb.Payloads, targets ...any) error {
	err := c.DataConverter.FromPayloads(payloads, targets...)
	if err == nil {
		return nil
	}
	for index, payload := range payloads.GetPayloads() {
		if index >= len(targets) {
			break
		}
		kind := reflect.TypeOf(targets[index])
		if kind == nil || kind.Kind() != reflect.Pointer {
			continue
		}
		again := reflect.New(kind.Elem()).Interface()
		if inner := c.DataConverter.FromPayload(payload, again); inner != nil {
			c.watch.note(payload, again, inner)
			break
		}
	}
	return err
}

func (c *watchedConverter) WithWorkflowContext(ctx workflow.Context) converter.DataConverter {
	aware, isAware := c.DataConverter.(workflow.ContextAware)
	if !isAware {
		return c
	}
	return c.watch.over(aware.WithWorkflowContext(ctx))
}

// belonging is what a payload of history belongs to.
type belonging struct {
	// Of is workflow, signal or update for an input, result for what a command gave, or other.
	Of       string `json:"of"`
	Name     string `json:"name"`
	Argument int    `json:"argument,omitempty"`
}

// belongingOf looks the payload up in history. The SDK passes on what it read there; only codecs make new payloads.
func belongingOf(history *historypb.History, payload *commonpb.Payload) belonging {
	found := belonging{Of: "other"}
	isEqual := func(one *commonpb.Payload) bool { return one == payload }
	for pass := 0; pass < 2; pass++ {
		for _, event := range history.GetEvents() {
			if of, isIn := holds(history, event, isEqual); isIn {
				return of
			}
		}
		isEqual = func(one *commonpb.Payload) bool { return proto.Equal(one, payload) }
	}
	return found
}

func holds(history *historypb.History, event *historypb.HistoryEvent, isEqual func(*commonpb.Payload) bool) (belonging, bool) {
	in := func(of, name string, payloads *commonpb.Payloads) (belonging, bool) {
		for index, one := range payloads.GetPayloads() {
			if isEqual(one) {
				if of == "result" || of == "other" {
					return belonging{Of: of, Name: name}, true
				}
				return belonging{Of: of, Name: name, Argument: index + 1}, true
			}
		}
		return belonging{}, false
	}
	if started := event.GetWorkflowExecutionStartedEventAttributes(); started != nil {
		if of, isIn := in("workflow", "", started.GetInput()); isIn {
			return of, true
		}
		return in("other", "the result of the last run", started.GetLastCompletionResult())
	}
	if signaled := event.GetWorkflowExecutionSignaledEventAttributes(); signaled != nil {
		return in("signal", signaled.GetSignalName(), signaled.GetInput())
	}
	if accepted := event.GetWorkflowExecutionUpdateAcceptedEventAttributes(); accepted != nil {
		input := accepted.GetAcceptedRequest().GetInput()
		return in("update", input.GetName(), input.GetArgs())
	}
	if completed := event.GetActivityTaskCompletedEventAttributes(); completed != nil {
		scheduled := eventOf(history, completed.GetScheduledEventId()).GetActivityTaskScheduledEventAttributes()
		return in("result", "activity "+scheduled.GetActivityType().GetName(), completed.GetResult())
	}
	if completed := event.GetChildWorkflowExecutionCompletedEventAttributes(); completed != nil {
		return in("result", "child workflow "+completed.GetWorkflowType().GetName(), completed.GetResult())
	}
	if name, result := nexusResult(history, event); result != nil {
		return in("result", name, &commonpb.Payloads{Payloads: []*commonpb.Payload{result}})
	}
	if marker := event.GetMarkerRecordedEventAttributes(); marker != nil {
		for key, payloads := range marker.GetDetails() {
			if of, isIn := in("result", markerWords(marker, key), payloads); isIn {
				return of, true
			}
		}
	}
	return belonging{}, false
}

// nexusResult is nil in releases without Nexus.
var nexusResult = func(*historypb.History, *historypb.HistoryEvent) (string, *commonpb.Payload) { return "", nil }

// markerWords says in the words of the code what wrote a marker.
func markerWords(marker *historypb.MarkerRecordedEventAttributes, key string) string {
	switch marker.GetMarkerName() {
	case "LocalActivity":
		var data struct{ ActivityType string }
		fields := marker.GetDetails()["data"]
		if key == "result" && converter.GetDefaultDataConverter().FromPayloads(fields, &data) == nil && data.ActivityType != "" {
			return "local activity " + data.ActivityType
		}
		return "a local activity"
	case "SideEffect", "MutableSideEffect":
		return "workflow." + marker.GetMarkerName()
	}
	return "marker " + marker.GetMarkerName()
}

func eventOf(history *historypb.History, id int64) *historypb.HistoryEvent {
	for _, event := range history.GetEvents() {
		if event.GetEventId() == id {
			return event
		}
	}
	return nil
}

// inTask keeps what the code did not get in one workflow task.
func inTask(all []undecoded, historyLength int) []undecoded {
	kept := []undecoded{}
	for _, one := range all {
		if one.HistoryLength == historyLength {
			kept = append(kept, one)
		}
	}
	return kept
}

// firstTask is the event ID of the start of the first workflow task that completed.
func firstTask(history *historypb.History) int {
	for _, event := range history.GetEvents() {
		if completed := event.GetWorkflowTaskCompletedEventAttributes(); completed != nil {
			return int(completed.GetStartedEventId())
		}
	}
	return 0
}

// inWords is what could not be decoded, and why, in one sentence without its full stop.
func (u undecoded) inWords() string {
	words := []string{"the input"}
	if u.Argument > 0 {
		words = []string{"argument", decimal(u.Argument)}
	}
	switch u.Of {
	case "workflow":
		words = append(words, "of the workflow")
	case "signal", "update":
		words = append(words, "of", u.Of, u.Name)
	case "result":
		words = []string{"the result of", u.Name}
	default:
		words = []string{"a payload of history"}
	}
	return "the code cannot decode " + strings.Join(words, " ") + ": " + u.Reason
}
