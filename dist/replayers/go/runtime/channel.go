package replaygate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"sync"
)

// The launcher gives the process an empty standard input, and standard error as its standard output. So what the
// code under test reads and prints cannot get into the protocol by accident.
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
	// Concurrency is how many replays the parent may ask for before the first answer.
	Concurrency int `json:"concurrency"`
	// Chance is where chance can differ in what the application holds: "none" or "replay".
	Chance string `json:"chance"`
}

type resultMessage struct {
	Type       string  `json:"type"`
	ID         string  `json:"id"`
	Outcome    string  `json:"outcome"`
	Message    string  `json:"message,omitempty"`
	DurationMs float64 `json:"durationMs"`
	// Undecoded are payloads that the code did not get. For task-failed the last one is why.
	Undecoded []undecoded `json:"undecoded,omitempty"`
	place
	*recorded
}

type fatalMessage struct {
	Type    string `json:"type"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

type channel struct {
	// output takes one line at a time from any goroutine.
	output *os.File
	mutex  sync.Mutex
	// replays are the parent's lines that ask for a replay. It is closed when the parent has no more.
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

// beginOfReplay is how the parent begins a line that asks for a replay. Such lines are long, so the goroutine that
// replays parses them: all others would wait for the one that reads.
var beginOfReplay = []byte(`{"type":"replay",`)

func (c *channel) read(input *bufio.Reader) {
	hasEnded := false
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			// The parent is gone: nobody waits for the code under test.
			os.Exit(0)
		}
		if hasEnded || len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		switch c.typeOf(line) {
		case "replay":
			c.replays <- line
		case "end":
			// Replays that have begun are still answered.
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
		// The parent is gone.
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
