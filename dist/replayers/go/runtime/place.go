package replaygate

import (
	"reflect"
	"runtime"
	"strings"
)

// place is a line of the application's own code; empty where the stack has none.
type place struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	// Callers are the application's lines that called it, from the innermost outwards.
	Callers []place `json:"callers,omitempty"`
}

// maxCallers is how many the protocol takes.
const maxCallers = 16

// foreignFolders hold code that is not the application's: Go's own, the module cache, vendored modules, this runtime.
var foreignFolders []string

// maxFrames is how many frames are searched for the application's.
const maxFrames = 512

// currentPlace is the innermost line of the application on the stack of its caller. isClosing is true while the SDK
// ends the goroutine: it ends workflows that still wait when a replay is over. What their deferred functions then do
// belongs to no workflow task.
func currentPlace() (at place, isClosing bool) {
	counters := make([]uintptr, maxFrames)
	frames := runtime.CallersFrames(counters[:runtime.Callers(2, counters)])
	for {
		frame, more := frames.Next()
		if frame.Function == "runtime.Goexit" {
			return place{}, true
		}
		if isApplicationCode(frame) {
			found := place{File: frame.File, Line: frame.Line}
			if at.File == "" {
				at = found
			} else if len(at.Callers) < maxCallers {
				at.Callers = append(at.Callers, found)
			}
		}
		if !more {
			return at, false
		}
	}
}

func isApplicationCode(frame runtime.Frame) bool {
	// Generated wrappers have no line.
	if frame.Line <= 1 || !strings.HasSuffix(frame.File, ".go") {
		return false
	}
	for _, folder := range foreignFolders {
		if strings.HasPrefix(frame.File, folder) {
			return false
		}
	}
	return true
}

// placeOfFunction is the line that declares a function; empty for one that has none in the application.
func placeOfFunction(function any) place {
	value := reflect.ValueOf(function)
	if value.Kind() != reflect.Func {
		return place{}
	}
	declared := runtime.FuncForPC(value.Pointer())
	if declared == nil {
		return place{}
	}
	file, line := declared.FileLine(declared.Entry())
	if !isApplicationCode(runtime.Frame{File: file, Line: line}) {
		return place{}
	}
	return place{File: file, Line: line}
}
