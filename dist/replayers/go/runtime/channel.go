package replaygate

import (
	"bufio"
	"encoding/json"
	"os"
)

// The launcher gives the process an empty standard input and standard error as its standard output, so that what
// the code under test reads and prints cannot get into the protocol by accident.
const (
	channelDescriptor = 3
	inputDescriptor   = 4
)

type replayMessage struct {
	Type         string `json:"type"`
	ID           string `json:"id"`
	WorkflowID   string `json:"workflowId"`
	RunID        string `json:"runId"`
	WorkflowType string `json:"workflowType"`
	Record       bool   `json:"record"`
	// History is base64 of a binary temporal.api.history.v1.History.
	History []byte `json:"history"`
}

type sdkName struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type readyMessage struct {
	Type          string   `json:"type"`
	Language      string   `json:"language"`
	SDK           sdkName  `json:"sdk"`
	WorkflowTypes []string `json:"workflowTypes,omitempty"`
	Dynamic       bool     `json:"dynamic"`
}

type resultMessage struct {
	Type       string  `json:"type"`
	ID         string  `json:"id"`
	Outcome    string  `json:"outcome"`
	Message    string  `json:"message,omitempty"`
	DurationMs float64 `json:"durationMs"`
	place
	*recorded
}

type fatalMessage struct {
	Type    string `json:"type"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

type channel struct {
	output *os.File
	// lines are those of the parent after "start"; closed by nobody, because without a parent the process ends.
	lines chan []byte
}

func newChannel() *channel {
	c := &channel{
		output: os.NewFile(channelDescriptor, "channel"),
		lines:  make(chan []byte, 1),
	}
	input := bufio.NewReaderSize(os.NewFile(inputDescriptor, "input"), 1<<20)
	go func() {
		for {
			line, err := input.ReadBytes('\n')
			if err != nil {
				// The parent is gone. Whatever the code under test is doing, nobody waits for it.
				os.Exit(0)
			}
			if len(line) > 1 {
				c.lines <- line
			}
		}
	}()
	return c
}

func (c *channel) send(message any) {
	line, err := json.Marshal(message)
	if err == nil {
		_, err = c.output.Write(append(line, '\n'))
	}
	if err != nil {
		// Nobody can be told any more.
		os.Exit(1)
	}
}

func (c *channel) fatal(message, hint string) {
	c.send(fatalMessage{Type: "fatal", Message: message, Hint: hint})
	os.Exit(1)
}
