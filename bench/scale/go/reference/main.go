// Command reference replays histories at hand in a loop around the SDK's replayer and does nothing else: what a
// test of the application's own would do. It is what the replayer's speed is compared with.
//
//	reference GOROUTINES HISTORIES
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/proto"

	"example.com/orders/orders"
)

type historyAtHand struct {
	WorkflowID string `json:"workflowId"`
	RunID      string `json:"runId"`
	History    []byte `json:"history"`
}

type silent struct{}

func (silent) Debug(string, ...any) {}
func (silent) Info(string, ...any)  {}
func (silent) Warn(string, ...any)  {}
func (silent) Error(string, ...any) {}

func main() {
	goroutines, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	atHand := read(os.Args[2])
	before, began := processorTime(), time.Now()
	var next, passed atomic.Int64
	var all sync.WaitGroup
	for range goroutines {
		all.Go(func() {
			replayer := worker.NewWorkflowReplayer()
			replayer.RegisterWorkflowWithOptions(orders.Order, workflow.RegisterOptions{Name: "order"})
			replayer.RegisterWorkflowWithOptions(orders.Shipment, workflow.RegisterOptions{Name: "shipment"})
			replayer.RegisterWorkflowWithOptions(orders.Reminder, workflow.RegisterOptions{Name: "reminder"})
			for index := next.Add(1) - 1; int(index) < len(atHand); index = next.Add(1) - 1 {
				if replay(replayer, atHand[index]) {
					passed.Add(1)
				}
			}
		})
	}
	all.Wait()
	took := time.Since(began)
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{
		"replayed": len(atHand),
		"passed":   passed.Load(),
		"seconds":  took.Seconds(),
		"cpuMs":    (processorTime() - before).Seconds() * 1000,
	})
}

func replay(replayer worker.WorkflowReplayer, one historyAtHand) bool {
	history := &historypb.History{}
	if err := proto.Unmarshal(one.History, history); err != nil {
		log.Fatal(err)
	}
	err := replayer.ReplayWorkflowHistoryWithOptions(silent{}, history, worker.ReplayWorkflowHistoryOptions{
		OriginalExecution: workflow.Execution{ID: one.WorkflowID, RunID: one.RunID},
	})
	return err == nil
}

// read also undoes the base64, which is no part of what is measured.
func read(path string) (atHand []historyAtHand) {
	file, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var one historyAtHand
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			log.Fatal(err)
		}
		atHand = append(atHand, one)
	}
	return atHand
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
