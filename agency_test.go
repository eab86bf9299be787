package simpul_test

import (
	"strings"
	"testing"

	"simpul"
)

func TestParseAgencyID(t *testing.T) {
	label := strings.Repeat("a", 63)
	longest := strings.Join([]string{label, label, label, label[:61]}, ".")
	for _, good := range []string{
		"kemendagri.go.id", "a.b", "1.2", "kota-bandung.go.id", "x--y.id", label + ".id", longest,
	} {
		if got, err := simpul.ParseAgencyID(good); err != nil || string(got) != good {
			t.Errorf("%q: got %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{
		"", ".", "*", "kemendagri", "Kemendagri.go.id", ".go.id", "go.id.", "a..b", "-a.id", "a-.id", "a_b.id", "a b.id",
		"a.id ", "a.id\n", "a.id\x00", "ä.id", "a.id/b", "a@b.id", "10.1.2.3:80", label + "a.id", longest + "a", "a.\xff",
	} {
		got, err := simpul.ParseAgencyID(bad)
		if got != "" {
			t.Errorf("%q was accepted as %q", bad, got)
		}
		checkRefusal(t, err, "agency")
	}
}

func TestParseApplicationID(t *testing.T) {
	for _, good := range []struct {
		id     string
		agency simpul.AgencyID
	}{
		{"layanan@bandungkota.go.id", "bandungkota.go.id"},
		{"7@a.b", "a.b"},
		{"dapodik-2@kemdikbud.go.id", "kemdikbud.go.id"},
	} {
		got, err := simpul.ParseApplicationID(good.id)
		if err != nil || string(got) != good.id || got.Agency() != good.agency {
			t.Errorf("%q: got %q of %q, %v", good.id, got, got.Agency(), err)
		}
	}
	for _, bad := range []string{
		"", "@", "layanan", "layanan@", "@a.id", "layanan@bandung", "Layanan@a.id", "a@b@c.id", "a@@b.id", "a.b@c.id",
		"a/b@c.id", "a b@c.id", "*@c.id", "a@*", "a@C.id", strings.Repeat("a", 64) + "@b.id", "a@b.id\n", "a\x00@b.id",
	} {
		got, err := simpul.ParseApplicationID(bad)
		if got != "" {
			t.Errorf("%q was accepted as %q", bad, got)
		}
		checkRefusal(t, err, "application")
	}
}

// Whatever is accepted is one name at one agency, so that the tenant which the
// identifier tells is the tenant that it was given to.
func FuzzParseApplicationID(f *testing.F) {
	for _, seed := range []string{"layanan@bandungkota.go.id", "a@b@c.id", "@", "a@*", "A@b.id", "a@b.id\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := simpul.ParseApplicationID(s)
		if err != nil {
			checkRefusal(t, err, "application")
			return
		}
		if string(id) != s || strings.Count(s, "@") != 1 || strings.ContainsAny(s, "*%_/ \x00") {
			t.Errorf("%q was accepted", s)
		}
		if _, err := simpul.ParseAgencyID(string(id.Agency())); err != nil {
			t.Errorf("%q is of no agency: %v", s, err)
		}
	})
}
