package incident

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

func TestPseudonymsComeBack(t *testing.T) {
	for _, month := range []string{"2026-11", "2000-01", "2199-12"} {
		p := alias(month, siti)
		who, ok := personOf(p)
		if !ok || who.pseudonym() != p {
			t.Errorf("%q came back as %q, %v", p, who.pseudonym(), ok)
		}
	}
	for _, bad := range []simpul.Pseudonym{"", "2026-11", "2026-11:", "2026-13:" + alias("2026-11", siti)[8:], "1999-01:" + alias("2026-11", siti)[8:],
		"2026-11:abc", alias("2026-11", siti) + "A", "2026-11:" + simpul.Pseudonym(strings.Repeat("=", 22)), "2026-11:AAAAAAAAAAAAAAAAAAAAAB"} {
		if _, ok := personOf(bad); ok {
			t.Errorf("%q is read", bad)
		}
	}
}

func FuzzPersonOf(f *testing.F) {
	f.Add(string(alias("2026-11", siti)))
	f.Add("2026-11:=")
	f.Fuzz(func(t *testing.T, text string) {
		if who, ok := personOf(simpul.Pseudonym(text)); ok && string(who.pseudonym()) != text {
			t.Errorf("%q came back as %q", text, who.pseudonym())
		}
	})
}

// Whatever a list holds, matching ends and finds only persons who are in it.
func FuzzFind(f *testing.F) {
	f.Add(string(siti) + "\n" + string(agus))
	f.Add("\ufeff\"" + string(siti) + "\";a\r\n;;\x00")
	var all []Access
	for _, r := range leak().records {
		all = append(all, r.Access)
	}
	g := gathered(f, Question{Zone: WIB}, mostAtOnce, all...)
	f.Fuzz(func(t *testing.T, list string) {
		l, err := readList(strings.NewReader(list))
		if err != nil {
			return
		}
		m, err := g.match(l, func(nik simpul.NIK, each func(simpul.Pseudonym)) { each(alias("2026-11", nik)) })
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range m.Found {
			if !strings.Contains(list, string(found.NIK)) {
				t.Errorf("found %v, who is not in the list", found.Line)
			}
		}
	})
}

// More disclosures than there is room for stand together, and nobody is lost.
func TestMoreDisclosuresThanRoom(t *testing.T) {
	var all []Access
	for i := range 200 {
		all = append(all, Access{Exchange: simpul.ExchangeID(fmt.Sprint(i)), At: noon.Add(time.Duration(i) * time.Minute), LID: penduduk, Fields: fmt.Sprint("f", i), Persons: []simpul.Pseudonym{alias("2026-11", siti)}})
	}
	a := gathered(t, Question{Zone: WIB}, mostAtOnce, all...).done(nil, noon)
	rest := Disclosure{}
	for _, d := range a.Disclosed {
		if d.LID == "" {
			rest = d
		}
	}
	if len(a.Disclosed) != mostDisclosures || rest.Exchanges != 200-(mostDisclosures-1) || a.Persons != 1 || a.Exchanges != 200 {
		t.Errorf("%d disclosures, the rest %+v, %d persons", len(a.Disclosed), rest, a.Persons)
	}
}

// An exchange that comes in parts counts once, and so do its unnamed persons.
func TestAnExchangeInParts(t *testing.T) {
	var all []Access
	for _, nik := range []simpul.NIK{siti, agus} {
		all = append(all, Access{Exchange: "x", At: noon, LID: penduduk, Persons: []simpul.Pseudonym{alias("2026-11", nik)}, Unnamed: 5})
	}
	if a := gathered(t, Question{Zone: WIB}, mostAtOnce, all...).done(nil, noon); a.Exchanges != 1 || a.Unnamed != 5 || a.Unnaming != 1 || a.Persons != 2 || a.Days[0].Exchanges != 1 {
		t.Errorf("%+v", a)
	}
}

// Of an answer that broke off a part may have arrived: its persons are affected, and
// it takes nothing from the exchanges that name nobody.
func TestAnAnswerThatBrokeOff(t *testing.T) {
	whole := Access{Exchange: "x", At: noon, LID: penduduk, Persons: []simpul.Pseudonym{alias("2026-11", siti)}}
	broken := Access{Exchange: "y", At: noon, LID: penduduk, Persons: []simpul.Pseudonym{alias("2026-11", agus)}, Broken: true}
	a := gathered(t, Question{Zone: WIB}, mostAtOnce, whole, broken).done([]Delivered{{penduduk, simpul.Terbatas, 3}}, noon)
	if a.Persons != 2 || a.Exchanges != 2 || a.Broken != 1 || len(a.Undeclared) != 1 || a.Undeclared[0].Exchanges != 2 || !a.Gaps() {
		t.Errorf("%+v", a)
	}
	if words := a.unknownWords(WIB, simpul.Indonesian); len(words) != 1 || !strings.Contains(words[0], "1 pertukaran terputus") {
		t.Errorf("%q", words)
	}
}

// crowd is accesses of so many persons on two days, each twice on the first.
func crowd(n int) (all []Access) {
	for day, times := range []int{2, 1} {
		for i := range n * times {
			who := alias("2026-11", simpul.NIK(fmt.Sprintf("32730101019%05d", i%n)))
			all = append(all, Access{Exchange: simpul.ExchangeID(fmt.Sprint(day, "-", i)), At: noon.AddDate(0, 0, day).Add(time.Duration(i) * time.Second), LID: penduduk, Fields: fmt.Sprint("f", i%3), Persons: []simpul.Pseudonym{who}})
		}
	}
	return all
}

// However few persons there is room for at once, the figures are the same, nobody
// is written twice, and no more than that are ever in memory.
func TestPartsOfACrowd(t *testing.T) {
	const n = 3000
	all := crowd(n)
	want := gathered(t, Question{Zone: WIB}, mostAtOnce, all...).done(nil, noon)
	if want.Persons != n || want.Days[0].Persons != n || want.Days[1].Persons != n || want.Exchanges != 3*n {
		t.Fatalf("%d persons, %+v", want.Persons, want.Days)
	}
	for _, atOnce := range []int{1000, 100, 40} {
		g := gathered(t, Question{Zone: WIB}, atOnce, all...)
		if got := g.done(nil, noon); !cmp.Equal(want, got) {
			t.Errorf("%d at once: %s", atOnce, cmp.Diff(want, got))
		}
		seen := map[person]bool{}
		err := g.parts(func(p *part) error {
			if len(p.persons) > 2*atOnce {
				t.Errorf("%d persons in memory where %d is wanted", len(p.persons), atOnce)
			}
			for _, a := range p.persons {
				if seen[a.who] {
					t.Fatal("somebody is in two parts")
				}
				seen[a.who] = true
			}
			return nil
		})
		if err != nil || len(seen) != n {
			t.Errorf("%d at once: %d seen, %v", atOnce, len(seen), err)
		}
	}
}

// What no number of readings can hold is refused, with the way out.
func TestACrowdThatIsTooLarge(t *testing.T) {
	all := crowd(3000)
	g, err := newGathering(Question{Zone: WIB}, func(_ string, each func(Access) error) error {
		for _, a := range all {
			if err := each(a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	g.atOnce = 5
	if err := g.tally(); simpul.CodeOf(err) != simpul.CodeTooLarge {
		t.Errorf("%v", err)
	}
}

func TestMonthsOfAQuestion(t *testing.T) {
	q := Question{From: time.Date(2026, 11, 30, 20, 0, 0, 0, time.UTC), Until: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)}
	if got := q.months(); !cmp.Equal(got, []string{"2026-11", "2026-12", "2027-01"}) {
		t.Errorf("%v", got)
	}
}
