package replaygate

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
)

// What stands around the history where it is written as the parent writes it. Inside of a text of JSON these bytes
// cannot be: there a quotation mark has a backslash before it.
var (
	beginOfHistory = []byte(`"history":"`)
	emptyHistory   = []byte(`"history":""`)
)

// readReplay reads a line that asks for a replay. Almost all of such a line is the history, in letters that need no
// decoding of JSON; that would take as long as a fifth of the replay. So it is cut out first, and the rest read in
// the ordinary way. However else the line is written, it is read whole in that way.
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
		// What was cut out is a field of something else in the line.
		err = json.Unmarshal(line, &message)
		return message, err
	}
	history := make([]byte, base64.StdEncoding.DecodedLen(len(letters)))
	length, err := base64.StdEncoding.Decode(history, letters)
	message.History = history[:length]
	return message, err
}
