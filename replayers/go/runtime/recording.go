package replaygate

import (
	"errors"
	"sync"

	"go.temporal.io/sdk/workflow"
)

type command struct {
	Command string `json:"command"`
	Name    string `json:"name"`
	// ID is nil where it is unknown, and empty where the code leaves it to the SDK.
	ID            *string `json:"id,omitempty"`
	HistoryLength int     `json:"historyLength"`
	place
	Elided  bool     `json:"elided,omitempty"`
	Carries *carries `json:"carries,omitempty"`
}

type patch struct {
	ID         string `json:"id"`
	Answer     bool   `json:"answer"`
	Deprecated bool   `json:"deprecated,omitempty"`
	place
}

type wait struct {
	HistoryLength int `json:"historyLength"`
	place
	Over bool `json:"over,omitempty"`
}

// maxWaits is how many waits that are over are told.
const maxWaits = 1000

type handler struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	place
}

// recorded is the part of a result that is there only when the parent asks for it.
type recorded struct {
	Commands         []*command `json:"commands"`
	Patches          []patch    `json:"patches"`
	Waits            []*wait    `json:"waits"`
	Handlers         []handler  `json:"handlers"`
	UnhandledSignals []string   `json:"unhandledSignals"`
	Definition       *place     `json:"definition,omitempty"`
}

// recording is what the code did while one history was replayed.
type recording struct {
	mutex    sync.Mutex
	commands []*command
	patches  []patch
	waits    []*wait
	ended    []*wait
	handlers []handler
	signals  []string
	// marked are the change IDs that have a marker already. Only the first GetVersion of each writes one.
	marked map[string]bool
	// continued is where the ContinueAsNewError was made.
	continued place
}

func newRecording() *recording { return &recording{marked: map[string]bool{}} }

// add notes a command that the code just issued; nothing while the SDK closes the workflow.
func (r *recording) add(ctx workflow.Context, kind, name, id string, carried *carries) *command {
	at, isClosing := currentPlace()
	if isClosing {
		return nil
	}
	return r.addAt(workflow.GetInfo(ctx), kind, name, id, at, carried)
}

func (r *recording) addAt(info *workflow.Info, kind, name, id string, at place, carried *carries) *command {
	added := &command{
		Command: kind, Name: name, HistoryLength: info.GetCurrentHistoryLength(), place: at, Carries: carried,
	}
	if id != "" || kind == "ScheduleActivityTask" || kind == "StartChildWorkflowExecution" {
		added.ID = &id
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.commands = append(r.commands, added)
	return added
}

// cancel notes that a command is cancelled. In the task that issued it, a Nexus operation and its cancellation are
// both withdrawn. A timer or an activity is still sent, and its cancellation after it.
func (r *recording) cancel(info *workflow.Info, issued *command, kind string) {
	at, isClosing := currentPlace()
	if issued == nil || isClosing {
		return
	}
	canceling := r.addAt(info, kind, "", "", at, nil)
	canceling.ID = issued.ID
	if kind == "RequestCancelNexusOperation" && canceling.HistoryLength == issued.HistoryLength {
		issued.Elided, canceling.Elided = true, true
	}
}

func (r *recording) version(ctx workflow.Context, changeID string, version, minSupported workflow.Version) {
	at, isClosing := currentPlace()
	if isClosing {
		return
	}
	hasMarker := version != workflow.DefaultVersion
	r.mutex.Lock()
	r.patches = append(r.patches, patch{
		ID:         changeID,
		Answer:     hasMarker,
		Deprecated: minSupported != workflow.DefaultVersion,
		place:      at,
	})
	isFirst := !r.marked[changeID]
	r.marked[changeID] = true
	r.mutex.Unlock()
	if hasMarker && isFirst {
		r.addAt(workflow.GetInfo(ctx), "SetPatchMarker", changeID, "", at, nil)
	}
}

// waiting notes that the code waits for a condition. Call what it returns when the wait is over.
func (r *recording) waiting(ctx workflow.Context) func() {
	at, _ := currentPlace()
	started := &wait{HistoryLength: workflow.GetInfo(ctx).GetCurrentHistoryLength(), place: at}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.waits = append(r.waits, started)
	return func() {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		for index, other := range r.waits {
			if other == started {
				r.waits = append(r.waits[:index], r.waits[index+1:]...)
				over := *started
				over.Over = true
				r.ended = append(r.ended, &over)
				if len(r.ended) > maxWaits {
					r.ended = r.ended[1:]
				}
				return
			}
		}
	}
}

func (r *recording) handles(kind, name string) {
	at, _ := currentPlace()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, other := range r.handlers {
		if other.Kind == kind && other.Name == name {
			return
		}
	}
	r.handlers = append(r.handlers, handler{Kind: kind, Name: name, place: at})
}

func (r *recording) signaled(name string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.signals = append(r.signals, name)
}

// update notes an update's answer, at the line that set its handler, because the answer has no line.
func (r *recording) update(info *workflow.Info, name, answer string, carried *carries) {
	at, isClosing := currentPlace()
	if isClosing {
		return
	}
	r.mutex.Lock()
	for _, other := range r.handlers {
		if other.Kind == "update" && other.Name == name {
			at = other.place
		}
	}
	r.mutex.Unlock()
	r.addAt(info, "UpdateResponse", answer, "", at, carried)
}

func (r *recording) continuing() {
	at, _ := currentPlace()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.continued = at
}

// ending notes the command that ends the workflow. Go does not tell on which line a function returns.
func (r *recording) ending(info *workflow.Info, err error, carried *carries) {
	var continueAsNew *workflow.ContinueAsNewError
	if errors.As(err, &continueAsNew) {
		r.addAt(info, endingOf(err), continueAsNew.WorkflowType.Name, "", r.continued, carried)
		return
	}
	r.addAt(info, endingOf(err), "", "", place{}, carried)
}

func (r *recording) take() *recorded {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	handled := map[string]bool{}
	for _, handler := range r.handlers {
		if handler.Kind == "signal" {
			handled[handler.Name] = true
		}
	}
	taken := &recorded{
		Commands:         append([]*command{}, r.commands...),
		Patches:          append([]patch{}, r.patches...),
		Waits:            append(append([]*wait{}, r.ended...), r.waits...),
		Handlers:         append([]handler{}, r.handlers...),
		UnhandledSignals: []string{},
	}
	for _, name := range r.signals {
		if !handled[name] {
			taken.UnhandledSignals = append(taken.UnhandledSignals, name)
		}
	}
	return taken
}
