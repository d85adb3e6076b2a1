package replaygate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"sync"
)

// The launcher gives the process an empty standard input and standard error as its standard output, so that what
// the code under test reads and prints cannot get into the protocol by accident.
const (
	channelDescriptor = 3
	inputDescriptor   = 4
)

type replayRequest struct {
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
	// Concurrency is how many replays may be asked for before the first is answered.
	Concurrency int `json:"concurrency"`
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
	// output takes one line at a time, from whoever has a result.
	output *os.File
	mutex  sync.Mutex
	// replays are lines of the parent that ask for one. Closed when it has said that there are no more.
	replays chan []byte
}

func newChannel() *channel {
	c := &channel{
		output:  os.NewFile(channelDescriptor, "channel"),
		replays: make(chan []byte),
	}
	go c.read(bufio.NewReaderSize(os.NewFile(inputDescriptor, "input"), 1<<20))
	return c
}

// How the parent begins a line that asks for a replay. Such lines are long, and whoever replays reads the rest:
// this goroutine is alone and must not be what the others wait for.
var beginOfReplay = []byte(`{"type":"replay",`)

func (c *channel) read(input *bufio.Reader) {
	hasEnded := false
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			// The parent is gone. Whatever the code under test is doing, nobody waits for it.
			os.Exit(0)
		}
		if hasEnded || len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		switch c.typeOf(line) {
		case "replay":
			c.replays <- line
		case "end":
			// What is under way is still answered.
			hasEnded = true
			close(c.replays)
		}
	}
}

func (c *channel) typeOf(line []byte) string {
	if bytes.HasPrefix(line, beginOfReplay) {
		return "replay"
	}
	var message struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(line, &message); err != nil {
		c.fatalBrokenLine(err)
	}
	return message.Type
}

func (c *channel) send(message any) {
	line, err := json.Marshal(message)
	if err == nil {
		c.mutex.Lock()
		_, err = c.output.Write(append(line, '\n'))
		c.mutex.Unlock()
	}
	if err != nil {
		// Nobody can be told any more.
		os.Exit(1)
	}
}

func (c *channel) fatalBrokenLine(err error) {
	c.fatal("a line that is not JSON: "+err.Error(), "")
}

func (c *channel) fatal(message, hint string) {
	c.send(fatalMessage{Type: "fatal", Message: message, Hint: hint})
	os.Exit(1)
}
