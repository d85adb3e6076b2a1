// Package replaygate speaks the replayer protocol and replays histories with the SDK that it is built with.
//
// It is no module of its own. The launcher puts these files into a folder that exists only for the build, below the
// application's package, so that they are compiled against the application's own SDK.
package replaygate

import (
	"fmt"
	"os"
	"runtime/debug"
	"sync"
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
	// Chance is whether the application holds what chance orders, such as maps.
	Chance bool
}

// Run replays until the parent has no more, and ends the process.
func Run(target Target) {
	// Programs that the code under test starts do not get the protocol's descriptors.
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
	keepNothing()
	growInPeace()
	concurrency := replaysAtATime()
	channel.send(application.ready(target.SDKVersion, concurrency, target.Chance))
	var all sync.WaitGroup
	all.Add(concurrency)
	for started := 0; started < concurrency; started++ {
		go func() {
			defer all.Done()
			application.answer(channel)
		}()
	}
	all.Wait()
	os.Exit(0)
}

// answer replays one history after the other, beside other goroutines that do the same. It sends each result at once,
// so their order means nothing.
func (a *application) answer(channel *channel) {
	// This is for a fault of ours. A panic that the SDK lets through is that replay's result.
	defer func() {
		if thrown := recover(); thrown != nil {
			channel.fatal(fmt.Sprintf("%v\n%s", thrown, debug.Stack()), "")
		}
	}()
	for line := range channel.replays {
		message, err := readReplay(line)
		if err != nil {
			channel.fatalBrokenLine(err)
		}
		channel.send(a.replay(message))
	}
}
