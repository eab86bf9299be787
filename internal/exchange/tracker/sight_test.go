package tracker

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func watch(t *testing.T, r *room, d *simpul.Delivery, path, address string) (*Sight, *simpul.Exchange) {
	t.Helper()
	x := &simpul.Exchange{OpenedAt: noon, Operation: simpul.Operation{Method: "GET", Path: path}}
	sight, err := NewWatcher(r.Keys).Watch(x, &simpul.Route{Subject: Compile(d)}, below(address))
	if err != nil {
		t.Fatal(err)
	}
	return sight, x
}

func about(parameter, request, answer string) *simpul.Delivery {
	return &simpul.Delivery{DataSubject: &simpul.DataSubject{Parameter: parameter, Request: request, Answer: answer}}
}

func TestAWatcherNamesThePersonsOfACall(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	k, err := r.Keys.at(noon)
	if err != nil {
		t.Fatal(err)
	}
	m, g := k.pseudonym(melati), k.pseudonym(guntur)
	for _, test := range []struct {
		name            string
		delivery        *simpul.Delivery
		path, address   string
		request, answer string
		first, all      []simpul.Pseudonym
	}{
		{"in the path", about("nik", "", ""), "/orang/{nik}", "/orang/" + string(melati), "", "", []simpul.Pseudonym{m}, []simpul.Pseudonym{m}},
		{"in the query", about("nik", "", ""), "/", "/?x=1&nik=" + string(melati), "", "", []simpul.Pseudonym{m}, []simpul.Pseudonym{m}},
		{"in the query, as another program reads it", about("nik", "", ""), "/", "/?NIK[]=" + string(melati), "", "", []simpul.Pseudonym{m}, []simpul.Pseudonym{m}},
		{"several in the query", about("nik", "", ""), "/", "/?nik=" + string(melati) + "," + string(guntur) + "&nik=" + string(melati), "", "", []simpul.Pseudonym{m, g}, []simpul.Pseudonym{m, g}},
		{"in the body of the call", about("", "nik", ""), "/", "/", `{"nik":" ` + string(melati) + ` "}`, "", nil, []simpul.Pseudonym{m}},
		{"in the answer", about("", "", "items.nik"), "/", "/", `{"items":{"nik":"` + string(guntur) + `"}}`, `{"items":[{"nik":"` + string(melati) + `"}]}`, nil, []simpul.Pseudonym{m}},
		{"everywhere", about("nik", "nik", "nik"), "/{nik}", "/" + string(melati), `{"nik":"` + string(melati) + `"}`, `{"nik":"` + string(guntur) + `"}`, []simpul.Pseudonym{m}, []simpul.Pseudonym{m, g}},
		{"no NIK", about("nik", "nik", "nik"), "/{nik}", "/3273019999999999", `{"nik":"32"}`, `{"nik":"32************62"}`, nil, nil},
		{"a name that the hub changes", &simpul.Delivery{
			DataSubject: &simpul.DataSubject{Answer: "orang.nik"},
			Changes:     []simpul.Change{{Field: "data", Rename: "orang"}, {Field: "data.no_ktp", Rename: "nik"}, {Field: "data.x.y", Rename: "nik"}},
		}, "/", "/", "", `{"data":[{"no_ktp":"` + string(melati) + `"}],"orang":{"nik":"` + string(guntur) + `"}}`, nil, []simpul.Pseudonym{m}},
	} {
		t.Run(test.name, func(t *testing.T) {
			sight, x := watch(t, r, test.delivery, test.path, test.address)
			if !slices.Equal(x.Persons, test.first) {
				t.Errorf("before the call %v, want %v", x.Persons, test.first)
			}
			sight.Request([]byte(test.request))
			sight.Answer([]byte(test.answer))
			sight.Name(x)
			if !slices.Equal(x.Persons, test.all) || x.Unnamed != 0 {
				t.Errorf("%v and %d more, want %v", x.Persons, x.Unnamed, test.all)
			}
		})
	}
}

func TestAWatcherNamesAHundredPersonsAndCountsTheOthers(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	sight, x := watch(t, r, about("", "", "nik"), "/", "/")
	for i := range 150 {
		sight.Answer(fmt.Appendf(nil, `{"nik":%q}`, string(person(i))))
		sight.Answer(fmt.Appendf(nil, `{"nik":%q}`, string(person(0))))
	}
	sight.Name(x)
	if len(x.Persons) != mostNamed || x.Unnamed != 50 {
		t.Errorf("%d persons and %d more, want %d and 50", len(x.Persons), x.Unnamed, mostNamed)
	}
}

func TestALIDThatDoesNotSayWhoseDataItIsAboutIsNotWatched(t *testing.T) {
	for _, d := range []*simpul.Delivery{nil, {}, {DataSubject: &simpul.DataSubject{}}} {
		if got := Compile(d); got != nil {
			t.Errorf("Compile(%+v) = %v", d, got)
		}
	}
}

func TestAPseudonymSaysNothingOfThePerson(t *testing.T) {
	k := newKey("2026-11", newSecret())
	p := string(k.pseudonym(melati))
	if len(p) != 30 || !strings.HasPrefix(p, "2026-11:") {
		t.Errorf("%q is not a month and 128 bits", p)
	}
	if p != string(k.pseudonym(melati)) || p == string(k.pseudonym(guntur)) || p == string(newKey("2026-11", newSecret()).pseudonym(melati)) {
		t.Error("a pseudonym must depend on the person and the key, and on nothing else")
	}
}

func TestKeys(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		last := time.Date(2026, 11, 30, 23, 59, 59, 999e6, time.UTC)
		now := last
		clock := clock.Clock(func() time.Time { return now })
		one, two := NewKeys(db, box{}, clock), NewKeys(db, box{}, clock)
		for _, k := range []*Keys{one, two} {
			if err := k.Load(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		november, december := name(t, one, last), name(t, one, last.Add(time.Millisecond))
		if !strings.HasPrefix(november, "2026-11:") || !strings.HasPrefix(december, "2026-12:") || november[8:] == december[8:] {
			t.Errorf("at the border of the month: %s, then %s", november, december)
		}
		if other := name(t, two, last); other != november {
			t.Errorf("another gateway says %s, want %s", other, november)
		}
		if _, err := one.at(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)); simpul.CodeOf(err) != simpul.CodeUnavailable {
			t.Errorf("a month without a key: %v, want unavailable", err)
		}
		now = last.Add(time.Millisecond)
		if err := two.Load(t.Context()); err != nil { // makes January's
			t.Fatal(err)
		}
		if _, err := two.at(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
			t.Errorf("the next month's key is not there in advance: %v", err)
		}
		destroyed(t, two, december)
	})
}

func name(t *testing.T, k *Keys, at time.Time) string {
	t.Helper()
	one, err := k.at(at)
	if err != nil {
		t.Fatal(err)
	}
	return string(one.pseudonym(melati))
}

func destroyed(t *testing.T, k *Keys, december string) {
	t.Helper()
	if err := k.Destroy(t.Context(), officer(), "2026-11"); simpul.CodeOf(err) != simpul.CodeDenied {
		t.Errorf("somebody without the permission destroys: %v", err)
	}
	keeper := simpul.Principal{ID: "operator", National: true, Permissions: []simpul.Permission{simpul.KeepTracker}}
	if err := k.Destroy(t.Context(), keeper, "2026-12"); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("a month that is not over: %v, want conflict", err)
	}
	if err := k.Destroy(t.Context(), keeper, "2026-11"); err != nil {
		t.Fatal(err)
	}
	if err := k.Destroy(t.Context(), keeper, "2026-11"); simpul.CodeOf(err) != simpul.CodeNotFound {
		t.Errorf("twice: %v, want not found", err)
	}
	if err := k.Ensure(t.Context(), "2026-11"); err != nil {
		t.Fatal(err)
	}
	if err := k.read(t.Context()); err != nil {
		t.Fatal(err)
	}
	tags := k.pseudonyms(melati)
	if len(tags) != 2 || tags[1] != simpul.Pseudonym(december) {
		t.Errorf("after the destruction of November's key %v", tags)
	}
}

func BenchmarkSight(b *testing.B) {
	k := newKey("2026-11", newSecret())
	request, answer := written([]string{"nik"}), written([]string{"items", "nik"})
	body := []byte(`{"items":[{"nama":"Contoh Melati Rinjani","nik":"3273016609849962","alamat":"Jalan Contoh nomor 12, Kota Bandung"}]}`)
	b.ReportAllocs()
	for b.Loop() {
		var x simpul.Exchange
		s := &Sight{key: k}
		s.request, s.answer = newFinder(request, s.read), newFinder(answer, s.read)
		s.Request([]byte(`{"nik":"3273016609849962"}`))
		s.Answer(body)
		s.Name(&x)
	}
}
