package simpul_test

import (
	"strings"
	"testing"

	"simpul"
)

func TestParseGrantID(t *testing.T) {
	for _, good := range []string{"g", "bandung-kota-2026", "1", strings.Repeat("g", 63)} {
		if got, err := simpul.ParseGrantID(good); err != nil || string(got) != good {
			t.Errorf("%q: got %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{"", "-g", "g-", "G", "g_1", "g.1", "g 1", "g/1", "g\x00", "é", strings.Repeat("g", 64)} {
		got, err := simpul.ParseGrantID(bad)
		if got != "" {
			t.Errorf("%q was accepted as %q", bad, got)
		}
		checkRefusal(t, err, "grant")
	}
}
