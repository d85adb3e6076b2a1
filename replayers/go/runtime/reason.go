package replaygate

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.temporal.io/sdk/converter"
)

func decimal(number int) string { return strconv.Itoa(number) }

// unableToDecode is how the SDK's converters begin the reason of a decoder.
var unableToDecode = converter.ErrUnableToDecode.Error() + ": "

// A decoder's words that hold nothing of the payload, or the part of them that does not. Types and fields are the
// code's own. Numbers, texts and keys are the payload's.
var safeReasons = []struct{ form, words *regexp.Regexp }{
	{form: regexp.MustCompile(`cannot unmarshal (string|number|array|object|bool)\b.*? into Go (value of type [\w.*\[\]{}/]{1,200}|struct field [\w.]{1,200} of type [\w.*\[\]{}/]{1,200})`)},
	{form: regexp.MustCompile(`unexpected end of JSON input`)},
	{form: regexp.MustCompile(`\b(syntax error|cannot parse invalid wire-format data|unknown field|unexpected token)\b`)},
	{form: regexp.MustCompile(`\b(invalid value for \w+ (?:type|field)(?: [\w.]+)?)`)},
	{form: regexp.MustCompile(`\binvalid character\b.*? (looking for beginning of value|after top-level value|after object key(?::value pair)?|after array element|in string literal|in literal|in numeric literal|looking for beginning of object key string)`)},
	{form: regexp.MustCompile(`type doesn't implement proto\.Message|must be a concrete type, not interface|not a pointer type|payload encoding is not supported|unable to set value|unable to find converter`)},
}

// reasonNotToDecode is the decoder's own reason, without anything of the payload. A decoder that the application wrote
// can say anything, so it is only named by the type that was wanted.
func reasonNotToDecode(err error, target any) string {
	text := err.Error()
	if at := strings.LastIndex(text, unableToDecode); at >= 0 {
		text = text[at+len(unableToDecode):]
	}
	if safe := safeReason(text); safe != "" {
		return safe
	}
	if kind := reflect.TypeOf(target); kind != nil && kind.Kind() == reflect.Pointer {
		return fmt.Sprintf("it is no %s", kind.Elem())
	}
	return "the converter refuses it"
}

// safeReason is empty where no part of the text is known to be safe.
func safeReason(text string) string {
	for _, safe := range safeReasons {
		match := safe.form.FindStringSubmatch(text)
		switch {
		case match == nil:
		case strings.HasPrefix(match[0], "cannot unmarshal"):
			return "cannot unmarshal " + match[1] + " into Go " + match[2]
		case strings.HasPrefix(match[0], "invalid character"):
			return "invalid character " + match[1]
		case len(match) > 1:
			return match[1]
		default:
			return match[0]
		}
	}
	return ""
}
