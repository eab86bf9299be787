package simpul_test

import (
	"testing"

	"simpul"
)

func TestParseLIDClass(t *testing.T) {
	for s, durable := range map[string]bool{"terbuka": false, "terbatas": true, "tertutup": true} {
		got, err := simpul.ParseLIDClass(s)
		if err != nil || string(got) != s || got.Durable() != durable {
			t.Errorf("%q: got %q, durable %v, %v", s, got, got.Durable(), err)
		}
	}
	for _, bad := range []string{"", "Terbuka", "terbuka ", "open", "tertutup\x00"} {
		got, err := simpul.ParseLIDClass(bad)
		if got != "" {
			t.Errorf("%q was accepted as %q", bad, got)
		}
		checkRefusal(t, err, "class")
	}
}

// A class that nobody has parsed is treated as the strictest.
func TestAnUnknownClassIsDurable(t *testing.T) {
	if !simpul.LIDClass("").Durable() {
		t.Error("the record of an unknown class may be lost")
	}
}
