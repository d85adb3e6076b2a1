// Command starter starts executions that stop in different states: go run ./starter COUNT [STATE …].
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"

	"example.com/orders/orders"
)

// state is where an execution stops, and by which event of its history, or of its child's, that is seen.
type state struct {
	name, workflowType string
	input              any
	workflowID         string
	until              enumspb.EventType
	times              int
}

func statesOf(id string) []state {
	order := func(amount int, card string) orders.OrderInput {
		return orders.OrderInput{
			OrderID: id,
			Items:   []orders.Item{{SKU: "lamp", Quantity: 2}},
			Amount:  amount,
			Card:    card,
			Address: orders.Address{Name: "Ada", Street: "Main Street 1", City: "Springfield"},
		}
	}
	delivered := order(100, "card-valid")
	delivered.PackingTime = 50 * time.Millisecond
	delivered.DeliveryTimeout = 50 * time.Millisecond
	expired := order(5000, "card-valid")
	expired.ApprovalTimeout = 50 * time.Millisecond
	return []state{
		{"order-waiting-for-approval", "order", order(5000, "card-valid"), id, enumspb.EVENT_TYPE_TIMER_STARTED, 1},
		{"order-charging", "order", order(100, "card-pending"), id, enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, 2},
		{"order-packing", "order", order(100, "card-valid"), id, enumspb.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED, 1},
		{"order-completed", "order", delivered, id, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED, 1},
		{"order-expired", "order", expired, id, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED, 1},
		{"order-failed", "order", order(100, "card-declined"), id, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED, 1},
		{"reminder-sleeping", "reminder", orders.ReminderInput{
			CustomerID: id, Text: "Your basket is waiting", Intervals: []time.Duration{50 * time.Millisecond, time.Hour},
		}, id, enumspb.EVENT_TYPE_TIMER_STARTED, 2},
	}
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	count, states := 1, []string{}
	if len(os.Args) > 1 {
		var err error
		if count, err = strconv.Atoi(os.Args[1]); err != nil {
			log.Fatal(err)
		}
		states = os.Args[2:]
	}
	connection, err := client.Dial(envconfig.MustLoadDefaultClientOptions())
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	for range count {
		for _, state := range statesOf(uuid.NewString()) {
			if len(states) > 0 && !slices.Contains(states, state.name) {
				continue
			}
			if err := start(ctx, connection, state); err != nil {
				log.Fatal(state.name, ": ", err)
			}
		}
	}
}

func start(ctx context.Context, connection client.Client, state state) error {
	started, err := connection.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:        state.name + "-" + state.workflowID,
		TaskQueue: cmp.Or(os.Getenv("TASK_QUEUE"), "orders"),
	}, state.workflowType, state.input)
	if err != nil {
		return err
	}
	runID := started.GetRunID()
	events := connection.GetWorkflowHistory(ctx, started.GetID(), runID, true, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for seen := 0; seen < state.times && events.HasNext(); {
		event, err := events.Next()
		if err != nil {
			return err
		}
		if event.GetEventType() == state.until {
			seen++
		}
	}
	line, err := json.Marshal(map[string]string{
		"state": state.name, "workflowType": state.workflowType, "workflowId": started.GetID(), "runId": runID,
	})
	if err == nil {
		_, err = fmt.Println(string(line))
	}
	return err
}
