package replaygate

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
)

// The text around the history as the parent writes it. A JSON string cannot hold it, because a quotation mark has a
// backslash there.
var (
	beginOfHistory = []byte(`"history":"`)
	emptyHistory   = []byte(`"history":""`)
)

// readReplay reads a line that asks for a replay. Almost all of the line is the history, in characters that JSON does
// not escape. Decoding them as JSON would take a fifth of the replay's time, so the history is cut out first. A line
// in another form is read whole.
func readReplay(line []byte) (message replayRequest, err error) {
	before, rest, isThere := bytes.Cut(line, beginOfHistory)
	letters, after, isClosed := bytes.Cut(rest, []byte{'"'})
	if !isThere || !isClosed || bytes.IndexByte(letters, '\\') >= 0 {
		err = json.Unmarshal(line, &message)
		return message, err
	}
	short := make([]byte, 0, len(before)+len(emptyHistory)+len(after))
	short = append(append(append(short, before...), emptyHistory...), after...)
	if err = json.Unmarshal(short, &message); err != nil {
		return message, err
	}
	if len(message.History) > 0 {
		// The cut text is a field of another object in the line.
		err = json.Unmarshal(line, &message)
		return message, err
	}
	history := make([]byte, base64.StdEncoding.DecodedLen(len(letters)))
	length, err := base64.StdEncoding.Decode(history, letters)
	message.History = history[:length]
	return message, err
}
