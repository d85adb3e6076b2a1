// Package replaygate speaks the replayer protocol and replays histories with the SDK that it is built with.
//
// It is no module of its own: the launcher lays these files into a folder that exists only for the build, below
// the application's package, so that they are compiled against the application's own SDK.
package replaygate

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"syscall"
)

// Target is what the launcher found in the application.
type Target struct {
	// Register is the application's function that registers its workflows.
	Register any
	// RegisterName is how messages call it.
	RegisterName string
	// Options is nil, or a function that returns worker.WorkflowReplayerOptions.
	Options any
	// OptionsName is how messages call it.
	OptionsName string
	// SDKVersion is the version of go.temporal.io/sdk.
	SDKVersion string
	// Foreign are folders, each with a separator at its end, whose code is not the application's.
	Foreign []string
}

// Run replays until there is no more to replay, and ends the process.
func Run(target Target) {
	// Programs that the code under test starts get neither end of the protocol.
	syscall.CloseOnExec(channelDescriptor)
	syscall.CloseOnExec(inputDescriptor)
	channel := newChannel()
	defer func() {
		if thrown := recover(); thrown != nil {
			channel.fatal(fmt.Sprintf("%v\n%s", thrown, debug.Stack()), "")
		}
	}()
	application, problem := load(target)
	if problem != nil {
		channel.fatal(problem.message, problem.hint)
	}
	channel.send(application.ready(target.SDKVersion))
	for line := range channel.lines {
		var message replayMessage
		if err := json.Unmarshal(line, &message); err != nil {
			channel.fatal("a line that is not JSON: "+err.Error(), "")
		}
		switch message.Type {
		case "replay":
			channel.send(application.replay(message))
		case "end":
			os.Exit(0)
		}
	}
	os.Exit(0)
}
