package replaygate

import (
	"runtime"

	"go.temporal.io/sdk/worker"
)

// aheadOfCores is how many histories for each core may be in the process's hands. More than one, so that a core has
// its next history while the parent reads a result and reads, prepares and sends another.
const aheadOfCores = 4

// mostAtATime is the most that the protocol allows.
const mostAtATime = 64

// replaysAtATime is how many histories are replayed beside each other. All of them really are: one that loops must
// not stand in the way of one that is behind it, because the parent counts the time of each from when it was sent.
func replaysAtATime() int {
	wanted := aheadOfCores * runtime.GOMAXPROCS(0)
	if wanted > mostAtATime {
		return mostAtATime
	}
	return wanted
}

// heapFloor is never touched, so it takes address space and no memory.
var heapFloor []byte

// growInPeace lets the heap come to twice this size before the first collection. A replay leaves much garbage and
// keeps nothing, and Go would collect whenever that has doubled the few megabytes that are alive. With a floor the
// heap of long histories still grows no faster than anybody's.
func growInPeace() { heapFloor = make([]byte, 64<<20) }

// keepNothing makes every release of the SDK do what 1.50 does: end an execution's coroutines when its replay is
// over. Those before put executions that still wait into the cache of workers, one for the process and by Run ID,
// where they take memory, and where two replays of the same run wait for each other.
func keepNothing() { worker.SetStickyWorkflowCacheSize(0) }
