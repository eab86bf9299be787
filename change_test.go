package simpul

import (
	"errors"
	"testing"
)

func TestCheckChanges(t *testing.T) {
	pairs := &Recode{Pairs: map[string]string{"1": "L"}}
	unit := &Unit{Factor: "0.001"}
	tests := []struct {
		name    string
		changes []Change
		place   string // "": accepted
	}{
		{"nothing", nil, ""},
		{"each kind", []Change{{Field: "a", Rename: "b"}, {Field: "a", Recode: pairs}, {Field: "c.d", Unit: unit}, {Field: "e", Drop: true}}, ""},
		{"one name in two objects", []Change{{Field: "a.x", Rename: "k"}, {Field: "b.x", Rename: "k"}}, ""},
		{"swapped names", []Change{{Field: "a", Rename: "b"}, {Field: "b", Rename: "a"}}, ""},
		{"no field", []Change{{Rename: "b"}}, "changes[0].field"},
		{"an empty name in the path", []Change{{Field: "a..b", Drop: true}}, "changes[0].field"},
		{"no kind", []Change{{Field: "a", Drop: true}, {Field: "b"}}, "changes[1]"},
		{"two kinds", []Change{{Field: "a", Rename: "b", Drop: true}}, "changes[0]"},
		{"dropped and renamed", []Change{{Field: "a", Drop: true}, {Field: "a", Rename: "b"}}, "changes[1].field"},
		{"converted and dropped", []Change{{Field: "a", Unit: unit}, {Field: "a", Drop: true}}, "changes[1].field"},
		{"below what is dropped", []Change{{Field: "a.b.c", Rename: "d"}, {Field: "a", Drop: true}}, "changes[0].field"},
		{"two names", []Change{{Field: "a", Rename: "b"}, {Field: "a", Rename: "c"}}, "changes[1].rename"},
		{"its own name", []Change{{Field: "x.a", Rename: "a"}}, "changes[0].rename"},
		{"one name for two", []Change{{Field: "x.a", Rename: "k"}, {Field: "x.b", Rename: "k"}}, "changes[1].rename"},
		{"a path as name", []Change{{Field: "a", Rename: "b.c"}}, "changes[0].rename"},
		{"a name that is no UTF-8", []Change{{Field: "a", Rename: "\xff"}}, "changes[0].rename"},
		{"list and pairs", []Change{{Field: "a", Recode: &Recode{List: "x", Pairs: pairs.Pairs}}}, "changes[0].recode"},
		{"neither list nor pairs", []Change{{Field: "a", Recode: &Recode{}}}, "changes[0].recode"},
		{"an unknown else", []Change{{Field: "a", Recode: &Recode{List: "x", Else: "guess"}}}, "changes[0].recode.else"},
		{"a factor that is no number", []Change{{Field: "a", Unit: &Unit{Factor: "1e3"}}}, "changes[0].unit.factor"},
		{"an offset that is no number", []Change{{Field: "a", Unit: &Unit{Factor: "1", Offset: "+1"}}}, "changes[0].unit.offset"},
		{"too many places", []Change{{Field: "a", Unit: &Unit{Factor: "1", Digits: 13}}}, "changes[0].unit.digits"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { checkShape(t, CheckChanges(test.changes), test.place) })
	}
}

func checkShape(t *testing.T, err error, place string) {
	t.Helper()
	if place == "" {
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Code != CodeInvalid || e.Place != place {
		t.Fatalf("got %v, want it at %s", err, place)
	}
	for _, text := range []Text{e.Message, e.Remedy} {
		if text.ID == "" || text.EN == "" {
			t.Errorf("a language is missing: %+v", e)
		}
	}
}

func TestWhatMayBeKept(t *testing.T) {
	for _, test := range []struct {
		class LIDClass
		cache *Freshness
		place string
	}{
		{Tertutup, nil, ""},
		{Terbuka, &Freshness{Shared: true}, ""},
		{Terbatas, &Freshness{Seconds: 60}, ""},
		{Terbatas, &Freshness{Shared: true}, "cache.shared"},
		{Tertutup, &Freshness{}, "cache"},
	} {
		checkShape(t, Delivery{Cache: test.cache}.CheckShape(test.class), test.place)
	}
}
