package replaygate

import (
	"regexp"
	"strings"

	enumspb "go.temporal.io/api/enums/v1"
)

// Texts of the SDK that print whole events, commands and markers. These hold payloads: arguments, results, memos,
// details. Only the kinds and names in them are said.
var (
	historyAndCode = regexp.MustCompile(`(?s)^(.*?nondeterministic workflow: )history event is (.*), replay command is (.*)$`)
	missingOrExtra = regexp.MustCompile(`(?s)^(.*?nondeterministic workflow: )(missing|extra) replay command for (.*)$`)
	otherResult    = regexp.MustCompile(`(?s)^replay workflow doesn't return the same result as the last event, resp: (.*), last: (.*)$`)
	otherLocal     = regexp.MustCompile(`(?s)^.*?code executed? local activity \S+, but history event found [^\s,]+`)
	otherPosition  = regexp.MustCompile(`(?s)^(.*?a matching \S+ command was expected in history event)( position \d+)?(?: position \S+?)?(\. However, .*)$`)
	// fromTheSdk are the beginnings of texts that the SDK makes while it replays.
	fromTheSdk = regexp.MustCompile(`^(?:\[TMPRL\d+\]|nondeterministic workflow|unable to find \w+ID for|replay workflow |\w+(?: workflow)? already handled|unknown command )`)
)

// sayable is a text of the SDK without anything of a payload. What the application says comes back as it is.
func sayable(text string) string {
	if match := historyAndCode.FindStringSubmatch(text); match != nil {
		return match[1] + "history event is " + inShort(match[2]) + ", replay command is " + inShort(match[3])
	}
	if match := missingOrExtra.FindStringSubmatch(text); match != nil {
		return match[1] + match[2] + " replay command for " + inShort(match[3])
	}
	if match := otherResult.FindStringSubmatch(text); match != nil {
		return endsOtherwise(kindInProto(match[2], "EVENT_TYPE_"), kindInProto(match[1], "COMMAND_TYPE_"))
	}
	if match := otherLocal.FindString(text); match != "" {
		return match
	}
	if match := otherPosition.FindStringSubmatch(text); match != nil {
		return match[1] + match[2] + match[3]
	}
	if at := strings.LastIndex(text, unableToDecode); at >= 0 {
		if safe := safeReason(text[at:]); safe != "" {
			return unableToDecode + safe
		}
		return "unable to decode a payload"
	}
	if fromTheSdk.MatchString(text) {
		return withoutDump(text)
	}
	return text
}

var (
	kindIn = regexp.MustCompile(`^(\w{1,60})(?:: |$)`)
	// nameIn finds a name in a printed event or command. All that a user has written follows it.
	nameIn = regexp.MustCompile(`\b(?:(?:ActivityType|WorkflowType):\(Name:([^()]{1,200})\)|(?:MarkerName|SignalName|Operation):([^\s,()]{1,200}))`)
	// contentIn begins what a user has written.
	contentIn = regexp.MustCompile(`map\[|\[len=|\{|\b(?:Header|Input|Details|Memo|SearchAttributes|Result|Failure|UserMetadata):`)
)

// inShort is an event or a command as the SDK prints it, without its attributes: "ActivityTaskScheduled (charge)".
func inShort(printed string) string {
	match := kindIn.FindStringSubmatch(printed)
	if match == nil {
		return "another one"
	}
	kind, rest := match[1], printed[len(match[0]):]
	if at := contentIn.FindStringIndex(rest); at != nil {
		rest = rest[:at[0]]
	}
	name := nameIn.FindStringSubmatch(rest)
	if name == nil {
		return kind
	}
	return kind + " (" + name[1] + name[2] + ")"
}

var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// kindInProto is the last kind in a message as protobuf prints it, in the words of the SDK; empty where it names none.
func kindInProto(printed, prefix string) string {
	kinds := regexp.MustCompile(`\b`+prefix+`\w+`).FindAllString(quoted.ReplaceAllString(printed, `""`), -1)
	if len(kinds) == 0 {
		return ""
	}
	last := kinds[len(kinds)-1]
	if number, isKnown := enumspb.EventType_value[last]; isKnown {
		return enumspb.EventType(number).String()
	}
	return enumspb.CommandType(enumspb.CommandType_value[last]).String()
}

// endsOtherwise is said of code that ends otherwise than history, or not at all.
func endsOtherwise(history, code string) string {
	does := "the replayed code goes on"
	if code != "" {
		does = "replay command is " + code
	}
	return "nondeterministic workflow: the history ends by " + history + ", " + does
}

var dumpIn = regexp.MustCompile(`, markerData|\bpayloads\b|[{\[(]|\bmap\[|, state=|\. KnownSideEffects=|, ID: [^\s,]*[^\d\s,]`)

// withoutDump is the beginning of a text, up to the first value that the SDK prints with everything in it.
func withoutDump(text string) string {
	code := regexp.MustCompile(`^\[TMPRL\d+\]`).FindString(text)
	rest := text[len(code):]
	if at := dumpIn.FindStringIndex(rest); at != nil {
		rest = strings.TrimRight(rest[:at[0]], " :,")
	}
	return code + rest
}
