package telemetry

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"strings"
)

// TraceContext is what one program tells the next of the trace that a call is
// part of (W3C Trace Context): the trace, the span of whoever calls, and whether
// that one records.
type TraceContext struct {
	Trace   [16]byte
	Span    [8]byte
	Sampled bool
}

// NewTrace begins a trace. Its identifiers are random and hide nothing, so they
// need no randomness that costs.
func NewTrace() (c TraceContext) {
	for c.Trace == ([16]byte{}) {
		binary.LittleEndian.PutUint64(c.Trace[:8], rand.Uint64())
		binary.LittleEndian.PutUint64(c.Trace[8:], rand.Uint64())
	}
	return c.Next()
}

// Next is the same trace with a span of its own.
func (c TraceContext) Next() TraceContext {
	for c.Span = [8]byte{}; c.Span == ([8]byte{}); {
		binary.LittleEndian.PutUint64(c.Span[:], rand.Uint64())
	}
	return c
}

const traceparentLength = len("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")

// ParseTraceparent reads the field of that name. Of a version that is newer than
// 00 the parts are read that 00 has, as the standard asks.
func ParseTraceparent(s string) (c TraceContext, ok bool) {
	if len(s) < traceparentLength || s[2] != '-' || s[35] != '-' || s[52] != '-' {
		return TraceContext{}, false
	}
	var version, flags [1]byte
	if !lowerHex(version[:], s[:2]) || !lowerHex(c.Trace[:], s[3:35]) || !lowerHex(c.Span[:], s[36:52]) || !lowerHex(flags[:], s[53:55]) {
		return TraceContext{}, false
	}
	longer := len(s) > traceparentLength
	if version[0] == 0xff || longer && (version[0] == 0 || s[traceparentLength] != '-') || c.Trace == ([16]byte{}) || c.Span == ([8]byte{}) {
		return TraceContext{}, false
	}
	c.Sampled = flags[0]&1 != 0
	return c, true
}

// lowerHex decodes digits of which none is in upper case.
func lowerHex(to []byte, s string) bool {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'F' {
			return false
		}
	}
	_, err := hex.Decode(to, []byte(s))
	return err == nil
}

// String writes the field traceparent, version 00.
func (c TraceContext) String() string {
	var b [traceparentLength]byte
	copy(b[:], "00-")
	hex.Encode(b[3:35], c.Trace[:])
	b[35] = '-'
	hex.Encode(b[36:52], c.Span[:])
	copy(b[52:], "-00")
	if c.Sampled {
		b[54] = '1'
	}
	return string(b[:])
}

// ValidTracestate reports whether the fields tracestate are a list as the standard
// has it: at most 32 members, no name twice, and here at most 512 characters in
// all.
func ValidTracestate(fields []string) bool {
	const most, longest = 32, 512
	var names [most]string
	members, length := 0, 0
	for _, field := range fields {
		if length += len(field); length > longest {
			return false
		}
		for member := range strings.SplitSeq(field, ",") {
			if member = strings.Trim(member, " \t"); member == "" {
				continue
			}
			name, value, ok := strings.Cut(member, "=")
			if !ok || members == most || !isStateName(name) || !isStateValue(value) {
				return false
			}
			for _, had := range names[:members] {
				if had == name {
					return false
				}
			}
			names[members] = name
			members++
		}
	}
	return true
}

// isStateName reports "vendor" or "tenant@vendor".
func isStateName(s string) bool {
	tenant, vendor, shared := strings.Cut(s, "@")
	if !shared {
		return len(s) <= 256 && isLower(s, 'a')
	}
	return len(tenant) <= 241 && isLower(tenant, '0') && len(vendor) <= 14 && isLower(vendor, 'a')
}

// isLower reports lower-case letters, digits and _-*/, beginning with a letter,
// or with a digit where first is one.
func isLower(s string, first byte) bool {
	for i := range len(s) {
		c := s[i]
		letter, digit := 'a' <= c && c <= 'z', '0' <= c && c <= '9'
		switch {
		case letter, digit && (i > 0 || first == '0'):
		case i > 0 && strings.IndexByte("_-*/", c) >= 0:
		default:
			return false
		}
	}
	return s != ""
}

func isStateValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '=' {
			return false
		}
	}
	return s != "" && len(s) <= 256 && s[len(s)-1] != ' '
}
