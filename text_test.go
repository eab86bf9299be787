package simpul_test

import (
	"testing"

	"simpul"
)

func TestTextIn(t *testing.T) {
	for _, c := range []struct {
		text     simpul.Text
		language simpul.Language
		want     string
	}{
		{simpul.Text{ID: "ya", EN: "yes"}, simpul.Indonesian, "ya"},
		{simpul.Text{ID: "ya", EN: "yes"}, simpul.English, "yes"},
		{simpul.Text{ID: "ya"}, simpul.English, "ya"},
		{simpul.Text{ID: "ya", EN: "yes"}, "fr", "ya"},
		{simpul.Text{ID: "ya", EN: "yes"}, "", "ya"},
		{simpul.Text{}, simpul.English, ""},
	} {
		if got := c.text.In(c.language); got != c.want {
			t.Errorf("%+v in %q: got %q, want %q", c.text, c.language, got, c.want)
		}
	}
}

func TestParseLanguage(t *testing.T) {
	for accept, want := range map[string]simpul.Language{
		"":                              simpul.Indonesian,
		"id":                            simpul.Indonesian,
		"en":                            simpul.English,
		"EN":                            simpul.English,
		"en-GB":                         simpul.English,
		"in-ID":                         simpul.Indonesian,
		"id-ID,id;q=0.9,en;q=0.8":       simpul.Indonesian,
		"en-US,en;q=0.9,id;q=0.8":       simpul.English,
		"fr, de;q=0.9 , en ; q=0.5":     simpul.English,
		"jv,su;q=0.9":                   simpul.Indonesian,
		"*":                             simpul.Indonesian,
		"english":                       simpul.Indonesian,
		"e":                             simpul.Indonesian,
		",,;;--,":                       simpul.Indonesian,
		"\x00\xff,en":                   simpul.English,
		"en_US":                         simpul.Indonesian, // a locale, not a language tag
		"fr;q=1.0;en;level=1, id;q=0.1": simpul.Indonesian,
	} {
		if got := simpul.ParseLanguage(accept); got != want {
			t.Errorf("%q: got %q, want %q", accept, got, want)
		}
	}
}

func FuzzParseLanguage(f *testing.F) {
	for _, seed := range []string{"", "id-ID,id;q=0.9,en;q=0.8", "in", "*;q=0", ",;-", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		l := simpul.ParseLanguage(accept)
		if l != simpul.Indonesian && l != simpul.English {
			t.Errorf("%q became %q", accept, l)
		}
		if again := simpul.ParseLanguage(string(l)); again != l {
			t.Errorf("%q is read back as %q", l, again)
		}
	})
}
