package replaygate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf16"

	commonpb "go.temporal.io/api/common/v1"
	failurepb "go.temporal.io/api/failure/v1"
	"go.temporal.io/sdk/temporal"
)

const (
	// maxFields is how many fields a command may have. Of one with more, nothing is told.
	maxFields = 200
	// maxText and maxName are in UTF-16 code units. Both sides cut longer ones.
	maxText = 300
	maxName = 100
	// maxCauses is how many causes of a failure are looked into, one below the other.
	maxCauses = 5
)

// carries is what a command carries besides its kind and its name, in the protocol's form: options that may be
// shown, and digests of the rest.
type carries struct {
	Values  map[string]any    `json:"values"`
	Digests map[string]string `json:"digests"`

	// isEncoded is true when a payload went through an unknown codec, so it cannot be compared.
	isEncoded bool
}

func newCarries() *carries {
	return &carries{Values: map[string]any{}, Digests: map[string]string{}}
}

// done is nil where there are too many fields, or where they cannot be compared.
func (c *carries) done() *carries {
	if c == nil || c.isEncoded || len(c.Values)+len(c.Digests) > maxFields {
		return nil
	}
	return c
}

// text is an option. An empty one is left out, because protobuf cannot tell it from "not set".
func (c *carries) text(name, value string) *carries {
	if value != "" {
		c.Values[cut(name, maxName)] = cut(value, maxText)
	}
	return c
}

func (c *carries) number(name string, value float64) *carries {
	if value != 0 && !math.IsNaN(value) && !math.IsInf(value, 0) {
		c.Values[cut(name, maxName)] = value
	}
	return c
}

func (c *carries) flag(name string, value bool) *carries {
	if value {
		c.Values[cut(name, maxName)] = true
	}
	return c
}

// duration is in milliseconds, added up as the parent adds them.
func (c *carries) duration(name string, value time.Duration) *carries {
	seconds, rest := value/time.Second, value%time.Second
	return c.number(name, float64(seconds)*1000+float64(rest)/1e6)
}

// word is an enum value's name, by its number in Temporal's API.
func (c *carries) word(name string, words []string, number int) *carries {
	if number >= 0 && number < len(words) {
		c.text(name, words[number])
	}
	return c
}

func (c *carries) retryPolicy(policy *temporal.RetryPolicy) *carries {
	if policy == nil {
		return c
	}
	return c.duration("retryPolicy.initialInterval", policy.InitialInterval).
		number("retryPolicy.backoffCoefficient", policy.BackoffCoefficient).
		duration("retryPolicy.maximumInterval", policy.MaximumInterval).
		number("retryPolicy.maximumAttempts", float64(policy.MaximumAttempts)).
		text("retryPolicy.nonRetryableErrorTypes", strings.Join(policy.NonRetryableErrorTypes, ", "))
}

// secret is a user's text, which is never shown.
func (c *carries) secret(name, text string) *carries {
	if text != "" {
		c.Digests[cut(name, maxName)] = digest("text", []byte(text), "")
	}
	return c
}

func (c *carries) payload(name string, payload *commonpb.Payload) *carries {
	if payload != nil {
		c.Digests[cut(name, maxName)] = payloadDigest(payload)
	}
	return c
}

// payloads are named from 1.
func (c *carries) payloads(noun string, payloads *commonpb.Payloads) *carries {
	for index, payload := range payloads.GetPayloads() {
		c.payload(fmt.Sprintf("%s %d", noun, index+1), payload)
	}
	return c
}

func (c *carries) payloadMap(noun string, payloads map[string]*commonpb.Payload) *carries {
	for key, payload := range payloads {
		c.payload(noun+" "+key, payload)
	}
	return c
}

func (c *carries) failure(failure *failurepb.Failure) *carries {
	noun := "failure"
	for depth := 0; failure != nil && depth <= maxCauses; depth++ {
		if encoded := failure.GetEncodedAttributes(); encoded != nil {
			c.payload(noun+" message", encoded)
		} else {
			c.secret(noun+" message", failure.GetMessage())
		}
		info := failure.GetApplicationFailureInfo()
		c.text(noun+" type", info.GetType()).
			flag(noun+" nonRetryable", info.GetNonRetryable()).
			payloads(noun+" detail", info.GetDetails())
		failure = failure.GetCause()
		noun += " cause"
	}
	return c
}

// payloadDigest is `ENCODING:DIGEST`, as docs/replayer-protocol.md describes it.
func payloadDigest(payload *commonpb.Payload) string {
	encoding := metadataText(payload, "encoding")
	content := payload.GetData()
	if strings.HasPrefix(encoding, "json/") {
		if canonical, ok := canonicalJSON(content); ok {
			content = canonical
		}
	}
	return digest(encoding, content, metadataText(payload, "messageType"))
}

func digest(encoding string, content []byte, messageType string) string {
	hash := sha256.New()
	hash.Write([]byte(encoding + "\x00" + messageType + "\x00"))
	hash.Write(content)
	return cut(encoding, maxName) + ":" + hex.EncodeToString(hash.Sum(nil))[:32]
}

func metadataText(payload *commonpb.Payload, name string) string {
	return string(utf16.Decode(decoded(payload.GetMetadata()[name])))
}

// cut counts UTF-16 code units, as ECMAScript does.
func cut(text string, length int) string {
	if len(text) <= length {
		return text
	}
	units := utf16.Encode([]rune(text))
	if len(units) <= length {
		return text
	}
	return string(utf16.Decode(units[:length]))
}
