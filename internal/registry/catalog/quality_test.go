package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/registry/catalog/contract"
)

func readContract(t *testing.T, document string) *contract.Contract {
	t.Helper()
	c, err := contract.Parse(json.RawMessage(document))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const describedContract = `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/":{"get":{"summary":"Daftar",
	"parameters":[{"name":"q","in":"query","description":"Kata","schema":{"type":"string"}}],
	"responses":{"200":{"description":"ok","content":{"application/json":{"example":{"nik":"x"},"schema":{"type":"object","properties":{
		"nik":{"type":"string","description":"NIK"},"kodeWilayah":{"type":"string","description":"Kode"}}}}}},
	"default":{"description":"galat","content":{"application/problem+json":{}}}}}}}}`

func TestTheChecksAreWorthAHundredPoints(t *testing.T) {
	sum, keys := 0, map[string]bool{}
	for _, c := range checks(nil) {
		if sum += c.points; keys[c.key] || c.title.EN == "" || c.remedy.EN == "" || c.title.ID == "" || c.remedy.ID == "" {
			t.Errorf("%s stands twice or lacks words", c.key)
		}
		keys[c.key] = true
	}
	if sum != 100 {
		t.Errorf("they are worth %d", sum)
	}
}

func TestAFullDescriptionEarnsEverything(t *testing.T) {
	s := Spec{Description: strings.Repeat("kata ", 20), Keywords: []string{"a", "b", "c"}, Class: simpul.Terbatas}
	fullyDescribed(&s)
	s.PersonalData = &PersonalData{Held: true}
	r := Quality(s, readContract(t, describedContract), "kodeWilayah", "nik")
	if r.Score != 100 || len(r.Mend()) != 0 || len(r.Checks) != len(checks(nil)) {
		t.Errorf("got %d, to mend %+v", r.Score, r.Mend())
	}
}

func TestNothingSaidEarnsNothing(t *testing.T) {
	bare := `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/":{"get":{"parameters":[{"name":"q","in":"query","schema":{"type":"string"}}],
		"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"object","properties":{"nik":{"type":"string"}}}}}}}}}}}`
	r := Quality(Spec{}, readContract(t, bare))
	if r.Score != 0 || len(r.Mend()) != len(checks(nil)) {
		t.Errorf("got %d and %d to mend", r.Score, len(r.Mend()))
	}
	if first := r.Mend()[0]; first.Key != "fields" || !strings.Contains(first.Remedy.ID, "nik") {
		t.Errorf("first to mend is %+v", first)
	}
}

// One step of description is worth what the list says, and nothing else moves.
func TestEachCheckCountsByItself(t *testing.T) {
	c := readContract(t, describedContract)
	whole := Spec{Description: strings.Repeat("kata ", 20), Keywords: []string{"a", "b", "c"}}
	fullyDescribed(&whole)
	whole.PersonalData = &PersonalData{Held: true}
	for key, change := range map[string]func(*Spec){
		"description":  func(s *Spec) { s.Description = "Pendek" },
		"contacts":     func(s *Spec) { s.Contacts = []Contact{{Unit: "Loket"}} },
		"themes":       func(s *Spec) { s.Themes = nil },
		"keywords":     func(s *Spec) { s.Keywords = s.Keywords[:2] },
		"licence":      func(s *Spec) { s.Licence = "" },
		"purpose":      func(s *Spec) { s.Purpose = " " },
		"frequency":    func(s *Spec) { s.Frequency = "" },
		"serviceLevel": func(s *Spec) { s.ServiceLevel = &ServiceLevel{Availability: 99} },
		"coverage":     func(s *Spec) { s.Coverage = nil },
	} {
		s := whole
		change(&s)
		r := Quality(s, c, "kodeWilayah", "nik")
		if left := r.Mend(); len(left) != 1 || left[0].Key != key || left[0].Remedy.EN == "" || r.Score >= 100 {
			t.Errorf("%s: got %d %+v", key, r.Score, left)
		}
	}
}

// Each field of a person or a region that is bound earns its share, and those
// that are not are named.
func TestBindingsCount(t *testing.T) {
	c := readContract(t, describedContract)
	for _, bound := range []struct {
		fields []string
		earned int
		says   string
	}{
		{nil, 0, "nik, kodeWilayah."},
		{[]string{"nik", "lain"}, 4, "kodeWilayah."},
		{[]string{"kodeWilayah", "nik"}, 8, ""},
	} {
		i := slices.IndexFunc(Quality(Spec{}, c, bound.fields...).Checks, func(c Check) bool { return c.Key == "bindings" })
		got := Quality(Spec{}, c, bound.fields...).Checks[i]
		if got.Earned != bound.earned || !strings.HasSuffix(got.Remedy.ID, bound.says) || bound.says == "" && got.Remedy.ID != "" {
			t.Errorf("%v: got %+v", bound.fields, got)
		}
	}
}

// bindings are those of one LID.
type bindings map[simpul.Address][]string

func (b bindings) Bound(a simpul.Address) []string { return b[a] }

// What is measured is remembered, until a binding changes.
func TestABindingChangesTheScore(t *testing.T) {
	f, err := NewFinder(directoryOf(t, lidOf("master/Kota", "kemendagri.go.id", "Kota", simpul.Terbuka, func(s *Spec) { s.Contract = json.RawMessage(describedContract) })), nation{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	bound := bindings{}
	f.Connect(bound)
	before, again := f.Scores("")["master/Kota"], f.Scores("kemendagri.go.id")["master/Kota"]
	bound["master/Kota"] = []string{"kodeWilayah", "nik"}
	after := f.Scores("")["master/Kota"]
	if before != again || after != before+8 {
		t.Errorf("got %d, again %d, bound %d", before, again, after)
	}
	if _, ok := f.Scores("bandungkota.go.id")["master/Kota"]; ok {
		t.Error("another agency has its score")
	}
}

// What a LID has no use for costs nothing.
func TestWhatDoesNotApplyIsLeftOut(t *testing.T) {
	plain := `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/":{"post":{"summary":"Cek","responses":{"204":{"description":"ok"},"default":{"description":"x","content":{"application/problem+json":{}}}}}}}}`
	for _, c := range Quality(Spec{}, readContract(t, plain)).Checks {
		switch c.Key {
		case "fields", "parameters", "bindings":
			t.Errorf("%s was held against a LID without any", c.Key)
		case "examples", "summaries", "errors":
			if c.Earned != c.Points {
				t.Errorf("%s: %+v", c.Key, c)
			}
		}
	}
	if r := Quality(Spec{}, nil); r.Score != 0 || len(r.Checks) != 10 {
		t.Errorf("a draft without a contract: %+v", r)
	}
}

func TestRemediesNameAFewPlaces(t *testing.T) {
	got := withPlaces(simpul.Text{ID: "Isi.", EN: "Fill."}, strings.Fields("a b c d e f g"))
	if got.ID != "Isi. Belum ada pada: a, b, c, d, e, dan 2 lagi." || got.EN != "Fill. Missing at: a, b, c, d, e, and 2 more." {
		t.Errorf("got %+v", got)
	}
}

func TestStewardsAreRemindedOnceAWeek(t *testing.T) {
	f, err := NewFinder(directoryOf(t, fewLIDs()...), nation{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	told := map[simpul.AgencyID]simpul.Notice{}
	tell := func(_ context.Context, n simpul.Notice) error { told[n.Agency] = n; return nil }
	monday := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	if err := f.Remind(t.Context(), monday, tell); err != nil {
		t.Fatal(err)
	}
	n := told["kemendagri.go.id"]
	if n.Holding != simpul.WriteLIDs || n.Link != "/mutu/kemendagri.go.id" || strings.Count(n.Body.ID, "(+") != 3 || n.Body.EN == n.Body.ID || n.Title.EN == "" {
		t.Errorf("got %+v", n)
	}
	for days, same := range map[int]bool{6: true, 7: false} {
		if err := f.Remind(t.Context(), monday.AddDate(0, 0, days), tell); err != nil || (told["kemendagri.go.id"].Key == n.Key) != same {
			t.Errorf("after %d days the key is %q, %v", days, told["kemendagri.go.id"].Key, err)
		}
	}
	if err := f.Remind(t.Context(), monday, func(context.Context, simpul.Notice) error { return errors.New("full") }); err == nil {
		t.Error("a notice that was not stored is not missed")
	}
}
