package replaygate

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// canonicalJSON writes JSON in one form, so that equal values are equal texts. The parent uses ECMAScript's JSON:
// numbers are doubles, texts are UTF-16, and keys that look like indices come first. Both sides must agree to the
// byte, or equal payloads would count as different. It is false where the data is no JSON, or is nested too deep.
func canonicalJSON(data []byte) ([]byte, bool) {
	parser := &jsonParser{units: decoded(data)}
	value, err := parser.document()
	if err != nil {
		return nil, false
	}
	return value.write(nil), true
}

// maxDepth is how deep JSON may be nested. The parent's own stack allows little more.
const maxDepth = 5000

var errNoJSON = errors.New("no JSON")

// jsonValue is a literal as written, a list, or members.
type jsonValue struct {
	literal []byte
	items   []jsonValue
	members map[string]jsonMember
	kind    byte
}

type jsonMember struct {
	key   []uint16
	value jsonValue
}

func (v jsonValue) write(to []byte) []byte {
	switch v.kind {
	case '[':
		to = append(to, '[')
		for index, item := range v.items {
			if index > 0 {
				to = append(to, ',')
			}
			to = item.write(to)
		}
		return append(to, ']')
	case '{':
		members := make([]jsonMember, 0, len(v.members))
		for _, member := range v.members {
			members = append(members, member)
		}
		slices.SortFunc(members, func(a, b jsonMember) int { return compareKeys(a.key, b.key) })
		to = append(to, '{')
		for index, member := range members {
			if index > 0 {
				to = append(to, ',')
			}
			to = append(writeText(to, member.key), ':')
			to = member.value.write(to)
		}
		return append(to, '}')
	}
	return append(to, v.literal...)
}

func compareKeys(a, b []uint16) int {
	indexA, isIndexA := arrayIndex(a)
	indexB, isIndexB := arrayIndex(b)
	switch {
	case isIndexA && isIndexB:
		return int(indexA) - int(indexB)
	case isIndexA:
		return -1
	case isIndexB:
		return 1
	}
	return slices.Compare(a, b)
}

func arrayIndex(key []uint16) (uint64, bool) {
	if len(key) == 0 || len(key) > 10 || key[0] == '0' && len(key) > 1 {
		return 0, false
	}
	index := uint64(0)
	for _, unit := range key {
		if unit < '0' || unit > '9' {
			return 0, false
		}
		index = index*10 + uint64(unit-'0')
	}
	return index, index < math.MaxUint32
}

func writeText(to []byte, units []uint16) []byte {
	to = append(to, '"')
	for index := 0; index < len(units); index++ {
		unit := units[index]
		switch {
		case unit == '"' || unit == '\\':
			to = append(to, '\\', byte(unit))
		case unit == '\b':
			to = append(to, `\b`...)
		case unit == '\f':
			to = append(to, `\f`...)
		case unit == '\n':
			to = append(to, `\n`...)
		case unit == '\r':
			to = append(to, `\r`...)
		case unit == '\t':
			to = append(to, `\t`...)
		case unit < 0x20:
			to = appendEscape(to, unit)
		case utf16.IsSurrogate(rune(unit)):
			pair := utf8.RuneError
			if index+1 < len(units) {
				pair = utf16.DecodeRune(rune(unit), rune(units[index+1]))
			}
			if pair == utf8.RuneError {
				to = appendEscape(to, unit)
			} else {
				to = utf8.AppendRune(to, pair)
				index++
			}
		default:
			to = utf8.AppendRune(to, rune(unit))
		}
	}
	return append(to, '"')
}

func appendEscape(to []byte, unit uint16) []byte {
	const digits = "0123456789abcdef"
	return append(to, '\\', 'u', digits[unit>>12], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}

// number is the shortest decimal that is read as the same double, in ECMAScript's notation.
func number(text string) []byte {
	value, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil && math.IsInf(value, 0):
		return []byte("null")
	case value == 0:
		return []byte("0")
	}
	if magnitude := math.Abs(value); magnitude >= 1e-6 && magnitude < 1e21 {
		return strconv.AppendFloat(nil, value, 'f', -1, 64)
	}
	written := strconv.FormatFloat(value, 'e', -1, 64)
	// Go writes at least two digits of an exponent.
	written = strings.Replace(strings.Replace(written, "e-0", "e-", 1), "e+0", "e+", 1)
	return []byte(written)
}

type jsonParser struct {
	units []uint16
	at    int
}

func (p *jsonParser) document() (jsonValue, error) {
	value, err := p.value(0)
	if err != nil {
		return jsonValue{}, err
	}
	if p.space(); p.at < len(p.units) {
		return jsonValue{}, errNoJSON
	}
	return value, nil
}

func (p *jsonParser) value(depth int) (jsonValue, error) {
	if depth > maxDepth {
		return jsonValue{}, errNoJSON
	}
	p.space()
	switch unit := p.peek(); {
	case unit == '{':
		return p.object(depth)
	case unit == '[':
		return p.list(depth)
	case unit == '"':
		text, err := p.text()
		return jsonValue{literal: writeText(nil, text)}, err
	case unit == '-' || isDigit(unit):
		return p.number()
	}
	for _, word := range []string{"true", "false", "null"} {
		if p.take(word) {
			return jsonValue{literal: []byte(word)}, nil
		}
	}
	return jsonValue{}, errNoJSON
}

func (p *jsonParser) object(depth int) (jsonValue, error) {
	found := jsonValue{kind: '{', members: map[string]jsonMember{}}
	p.at++
	if p.space(); p.take("}") {
		return found, nil
	}
	for {
		if p.space(); p.peek() != '"' {
			return jsonValue{}, errNoJSON
		}
		key, err := p.text()
		if err != nil {
			return jsonValue{}, err
		}
		if p.space(); !p.take(":") {
			return jsonValue{}, errNoJSON
		}
		value, err := p.value(depth + 1)
		if err != nil {
			return jsonValue{}, err
		}
		// The last of equal keys counts. Written keys have one form each.
		found.members[string(writeText(nil, key))] = jsonMember{key: key, value: value}
		p.space()
		if p.take("}") {
			return found, nil
		}
		if !p.take(",") {
			return jsonValue{}, errNoJSON
		}
	}
}

func (p *jsonParser) list(depth int) (jsonValue, error) {
	found := jsonValue{kind: '['}
	p.at++
	if p.space(); p.take("]") {
		return found, nil
	}
	for {
		item, err := p.value(depth + 1)
		if err != nil {
			return jsonValue{}, err
		}
		found.items = append(found.items, item)
		p.space()
		if p.take("]") {
			return found, nil
		}
		if !p.take(",") {
			return jsonValue{}, errNoJSON
		}
	}
}

func (p *jsonParser) text() ([]uint16, error) {
	p.at++
	found := []uint16{}
	for p.at < len(p.units) {
		unit := p.units[p.at]
		p.at++
		switch {
		case unit == '"':
			return found, nil
		case unit < 0x20:
			return nil, errNoJSON
		case unit != '\\':
			found = append(found, unit)
			continue
		}
		escaped := p.peek()
		p.at++
		switch escaped {
		case '"', '\\', '/':
			found = append(found, escaped)
		case 'b':
			found = append(found, '\b')
		case 'f':
			found = append(found, '\f')
		case 'n':
			found = append(found, '\n')
		case 'r':
			found = append(found, '\r')
		case 't':
			found = append(found, '\t')
		case 'u':
			unit, err := p.hexadecimal()
			if err != nil {
				return nil, err
			}
			found = append(found, unit)
		default:
			return nil, errNoJSON
		}
	}
	return nil, errNoJSON
}

func (p *jsonParser) hexadecimal() (uint16, error) {
	if p.at+4 > len(p.units) {
		return 0, errNoJSON
	}
	digits := string(utf16.Decode(p.units[p.at : p.at+4]))
	p.at += 4
	if strings.ContainsAny(digits, "+-_") {
		return 0, errNoJSON
	}
	unit, err := strconv.ParseUint(digits, 16, 16)
	return uint16(unit), err
}

func (p *jsonParser) number() (jsonValue, error) {
	from := p.at
	p.take("-")
	if !p.take("0") && !p.digits() {
		return jsonValue{}, errNoJSON
	}
	if p.take(".") && !p.digits() {
		return jsonValue{}, errNoJSON
	}
	if p.take("e") || p.take("E") {
		if !p.take("+") {
			p.take("-")
		}
		if !p.digits() {
			return jsonValue{}, errNoJSON
		}
	}
	return jsonValue{literal: number(string(utf16.Decode(p.units[from:p.at])))}, nil
}

// digits takes one or more.
func (p *jsonParser) digits() bool {
	from := p.at
	for isDigit(p.peek()) {
		p.at++
	}
	return p.at > from
}

func (p *jsonParser) space() {
	for unit := p.peek(); unit == ' ' || unit == '\t' || unit == '\n' || unit == '\r'; unit = p.peek() {
		p.at++
	}
}

func (p *jsonParser) take(text string) bool {
	if p.at+len(text) > len(p.units) {
		return false
	}
	for index := 0; index < len(text); index++ {
		if p.units[p.at+index] != uint16(text[index]) {
			return false
		}
	}
	p.at += len(text)
	return true
}

// peek is the next unit; zero at the end. JSON has a zero only in escapes of texts.
func (p *jsonParser) peek() uint16 {
	if p.at < len(p.units) {
		return p.units[p.at]
	}
	return 0
}

func isDigit(unit uint16) bool { return unit >= '0' && unit <= '9' }

// decoded decodes UTF-8 as ECMAScript does: without a byte order mark, and with one replacement for each longest
// beginning of a character.
func decoded(data []byte) []uint16 {
	text := strings.TrimPrefix(string(data), "\ufeff")
	units := make([]uint16, 0, len(text))
	for len(text) > 0 {
		character, size := utf8.DecodeRuneInString(text)
		if character == utf8.RuneError && size == 1 {
			size = brokenLength(text)
		}
		units = utf16.AppendRune(units, character)
		text = text[size:]
	}
	return units
}

// brokenLength is the length of an incomplete character.
func brokenLength(text string) int {
	low, high, needed := byte(0x80), byte(0xBF), 0
	switch lead := text[0]; {
	case lead >= 0xC2 && lead <= 0xDF:
		needed = 1
	case lead >= 0xE0 && lead <= 0xEF:
		needed = 2
		if lead == 0xE0 {
			low = 0xA0
		} else if lead == 0xED {
			high = 0x9F
		}
	case lead >= 0xF0 && lead <= 0xF4:
		needed = 3
		if lead == 0xF0 {
			low = 0x90
		} else if lead == 0xF4 {
			high = 0x8F
		}
	}
	length := 1
	for length <= needed && length < len(text) && text[length] >= low && text[length] <= high {
		low, high = 0x80, 0xBF
		length++
	}
	return length
}
