package incident

import (
	"fmt"
	"strings"
	"testing"
	"time"

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
	g := newGathering(Question{Zone: WIB})
	for _, r := range leak().records {
		g.add(r.Access)
	}
	f.Fuzz(func(t *testing.T, list string) {
		m, err := g.find(strings.NewReader(list), func(nik simpul.NIK, each func(simpul.Pseudonym)) { each(alias("2026-11", nik)) })
		if err != nil {
			return
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
	g := newGathering(Question{Zone: WIB})
	for i := range 200 {
		a := Access{Exchange: simpul.ExchangeID(fmt.Sprint(i)), At: noon.Add(time.Duration(i) * time.Minute), LID: penduduk, Fields: fmt.Sprint("f", i), Persons: []simpul.Pseudonym{alias("2026-11", siti)}}
		if err := g.add(a); err != nil {
			t.Fatal(err)
		}
	}
	a := g.done(nil, nil, noon)
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
	g := newGathering(Question{Zone: WIB})
	for _, nik := range []simpul.NIK{siti, agus} {
		g.add(Access{Exchange: "x", At: noon, LID: penduduk, Persons: []simpul.Pseudonym{alias("2026-11", nik)}, Unnamed: 5})
	}
	if a := g.done(nil, nil, noon); a.Exchanges != 1 || a.Unnamed != 5 || a.Unnaming != 1 || a.Persons != 2 || a.Days[0].Exchanges != 1 {
		t.Errorf("%+v", a)
	}
}

// BenchmarkMillion is the answer and the match of a million accesses of a million
// persons, without the time of reading them.
func BenchmarkMillion(b *testing.B) {
	const n = 1_000_000
	people := make([]simpul.Pseudonym, n)
	for i := range people {
		people[i] = alias("2026-11", simpul.NIK(fmt.Sprintf("327301010190%04d%d", i%10000, i)))
	}
	lids := []simpul.Address{penduduk, imunisasi}
	b.ResetTimer()
	b.ReportAllocs()
	for b.Loop() {
		g := newGathering(Question{Zone: WIB})
		for i, p := range people {
			g.add(Access{Exchange: simpul.ExchangeID(fmt.Sprint(i)), At: noon.Add(time.Duration(i) * time.Second), LID: lids[i%2], Fields: "nama alamat", Persons: people[i : i+1]})
			_ = p
		}
		if a := g.done(nil, nil, noon); a.Persons != n {
			b.Fatal(a.Persons)
		}
	}
}
