package telemetry

import (
	"strings"
	"testing"
)

const example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

func TestTraceparentIsReadStrictly(t *testing.T) {
	for text, want := range map[string]bool{
		example: true,
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00":            true,
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff":            true,
		"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more":       true, // of a version to come
		"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more":       false,
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more":       false,
		"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01":            false,
		"00-00000000000000000000000000000000-00f067aa0ba902b7-01":            false,
		"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01":            false,
		"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01":            false,
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0":             false,
		"00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01":            false,
		"00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01":            false,
		" 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01":           false,
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01," + example: false,
		"": false,
	} {
		if _, ok := ParseTraceparent(text); ok != want {
			t.Errorf("%q: %v", text, ok)
		}
	}
}

func TestTraceparentIsWrittenAsItIsRead(t *testing.T) {
	c, _ := ParseTraceparent(example)
	if c.String() != example || !c.Sampled {
		t.Errorf("got %s", c)
	}
	next := c.Next()
	if next.Trace != c.Trace || next.Span == c.Span || !next.Sampled {
		t.Errorf("next is %s", next)
	}
	if one, other := NewTrace(), NewTrace(); one.Trace == other.Trace || one.Span == other.Span || one.Sampled {
		t.Errorf("made %s and %s", one, other)
	}
}

func TestTracestateIsReadStrictly(t *testing.T) {
	for text, want := range map[string]bool{
		"":                                 true,
		"rojo=00f067aa0ba902b7,congo=t61":  true,
		"rojo=1 , \tcongo=2":               true,
		"fw529a3039@dt=FfffffSgh0;a:b/c d": true,
		"a=" + strings.Repeat("x", 256):    true,
		"a=" + strings.Repeat("x", 257):    false,
		strings.Repeat("a", 257) + "=x":    false,
		"a=1,a=2":                          false,
		"A=1":                              false,
		"1a=1":                             false,
		"1a@b=1":                           true,
		"a@b@c=1":                          false,
		"a":                                false,
		"a=":                               false,
		"a=b=c":                            false,
		"a=ü":                              false,
		"a=\x00":                           false,
		"=1":                               false,
		strings.Repeat("a=1,", 200):        false,
	} {
		if ValidTracestate([]string{text}) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
	if ValidTracestate([]string{"a=1", "a=2"}) {
		t.Error("a name twice in two fields")
	}
	many := make([]string, 33)
	for i := range many {
		many[i] = string(rune('a'+i%26)) + strings.Repeat("b", i/26) + "=1"
	}
	if !ValidTracestate(many[:32]) || ValidTracestate(many) {
		t.Error("32 members are the most")
	}
}

func FuzzTraceContext(f *testing.F) {
	f.Add(example, "rojo=1,congo@b=2")
	f.Fuzz(func(t *testing.T, parent, state string) {
		c, ok := ParseTraceparent(parent)
		if again, still := ParseTraceparent(c.String()); ok && (!still || again != c) {
			t.Errorf("%q became %s", parent, c)
		}
		if ValidTracestate([]string{state}) && strings.ContainsAny(state, "\r\n\x00") {
			t.Errorf("%q", state)
		}
	})
}

func BenchmarkTraceparent(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c, _ := ParseTraceparent(example)
		_ = c.Next().String()
	}
}
