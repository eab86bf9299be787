package simpul_test

import (
	"strings"
	"testing"

	"simpul"
)

func TestParseAccountID(t *testing.T) {
	for in, want := range map[string]simpul.AccountID{
		"siti@bandungkota.go.id":                           "siti@bandungkota.go.id",
		" Siti.Rahma-2@BandungKota.go.id ":                 "siti.rahma-2@bandungkota.go.id",
		strings.Repeat("a", 63) + "@bps.go.id":             simpul.AccountID(strings.Repeat("a", 63) + "@bps.go.id"),
		strings.Repeat("a.", 31) + "bc" + "@kominfo.go.id": simpul.AccountID(strings.Repeat("a.", 31) + "bc@kominfo.go.id"),
	} {
		if got, err := simpul.ParseAccountID(in); err != nil || got != want {
			t.Errorf("%q: got %q, %v", in, got, err)
		}
	}
	for _, bad := range []string{"", "siti", "@bps.go.id", "siti@", "siti@bps", "si ti@bps.go.id", "siti@@bps.go.id", ".siti@bps.go.id", "siti.@bps.go.id",
		"si..ti@bps.go.id", "siti+x@bps.go.id", "síti@bps.go.id", "siti@bps.go.id\x00", strings.Repeat("a.", 32) + "b@bps.go.id", "siti@" + strings.Repeat("a.", 140) + "id"} {
		got, err := simpul.ParseAccountID(bad)
		if got != "" {
			t.Errorf("%q was accepted as %q", bad, got)
		}
		checkRefusal(t, err, "account")
	}
	id := simpul.AccountID("siti.rahma@bandungkota.go.id")
	if id.Agency() != "bandungkota.go.id" || id.Name() != "siti.rahma" {
		t.Errorf("got %q and %q", id.Agency(), id.Name())
	}
}

func FuzzParseAccountID(f *testing.F) {
	for _, seed := range []string{"siti@bps.go.id", "", "@", "a@b.c", "A@B.C"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := simpul.ParseAccountID(s)
		if err != nil {
			return
		}
		if again, err := simpul.ParseAccountID(string(id)); err != nil || again != id || id.Agency() == "" || id.Name() == "" {
			t.Errorf("%q became %q, which is read back as %q, %v", s, id, again, err)
		}
	})
}
