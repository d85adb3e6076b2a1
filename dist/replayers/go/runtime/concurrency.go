package replaygate

import (
	"runtime"

	"go.temporal.io/sdk/worker"
)

// aheadOfCores is how many histories the process may hold for each core. With more than one, a core has its next
// history while the parent reads a result and prepares another.
const aheadOfCores = 4

// mostAtATime is the most that the protocol allows.
const mostAtATime = 64

// replaysAtATime is how many histories are replayed at the same time. None waits for another: one that loops must
// not delay the next, because the parent counts the time of each from when it was sent.
func replaysAtATime() int {
	wanted := aheadOfCores * runtime.GOMAXPROCS(0)
	if wanted > mostAtATime {
		return mostAtATime
	}
	return wanted
}

// heapFloor is never used, so it takes address space and no memory.
var heapFloor []byte

// growInPeace lets the heap grow to twice this size before the first collection. A replay leaves much garbage and
// keeps nothing. Without the floor, Go would collect whenever the few live megabytes have doubled. The heap of long
// histories grows no faster than usual.
func growInPeace() { heapFloor = make([]byte, 64<<20) }

// keepNothing makes every release of the SDK do what 1.50 does: end an execution's coroutines when its replay is
// over. Earlier releases put executions that still wait into the process's cache, by Run ID. There they take memory,
// and two replays of the same run wait for each other.
func keepNothing() { worker.SetStickyWorkflowCacheSize(0) }
