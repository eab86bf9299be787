package simpul_test

import (
	"testing"

	"simpul"
)

func TestParseSubject(t *testing.T) {
	for text, want := range map[string]simpul.Subject{
		"grant/izin-1":                          {Kind: simpul.SubjectGrant, ID: "izin-1"},
		"application/layanan@bandungkota.go.id": {Kind: simpul.SubjectApplication, ID: "layanan@bandungkota.go.id"},
		"agency/bandungkota.go.id":              {Kind: simpul.SubjectAgency, ID: "bandungkota.go.id"},
		"lid/master/Kota":                       {Kind: simpul.SubjectLID, ID: "master/Kota"},
	} {
		if got, err := simpul.ParseSubject(text); err != nil || got != want || got.String() != text {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "/", "grant", "grant/", "grant/A", "Grant/a", "lid/master", "lid/master/kota", "lid/master/Kota/x", "agency/go", "application/x", "people/ani"} {
		if got, err := simpul.ParseSubject(text); simpul.CodeOf(err) != simpul.CodeInvalid || got != (simpul.Subject{}) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func FuzzParseSubject(f *testing.F) {
	f.Add("lid/master/Kota")
	f.Add("application/a@b.go.id")
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := simpul.ParseSubject(text); err == nil && s.String() != text {
			t.Errorf("%q is read as %q", text, s)
		}
	})
}
