package evidence

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// hostile are values that somebody sends in order to forge a record, to break the one
// they are in, or to deceive whoever reads it on a terminal.
var hostile = map[string]string{
	"a line break":      "satu\r\n{\"kind\":\"sealed\",\"id\":\"palsu\"}\r\n",
	"the end of JSON":   `","kind":"opened"},{"kind":"sealed`,
	"a terminal":        "\x1b[2J\x1b]0;root\x07\x1b[31mditolak\x1b[0m",
	"not UTF-8":         "a\xff\xfe\xc0\x80b\xed\xa0\x80",
	"NUL and a frame":   "\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02hello",
	"the other way":     "\u202e31/10\u202c \u2066x\u2069",
	"line separators":   "a\u2028b\u2029c\u0085d",
	"backslashes":       `\u0000\"\\\n\`,
	"a personal member": `","personal":"AQ","personal_key":"terbuka/2026-03","salt":"x`,
}

// everywhere puts the value into every text of an exchange.
func everywhere(value string) *simpul.Exchange {
	x := delivery(0)
	x.Consumer.Credential, x.Consumer.Subject, x.Case = value, value, value
	x.Version, x.Purpose, x.Basis, x.Fields, x.FieldKey = value, value, value, value, value
	x.Operation.Path = value
	return x
}

func TestInjectionLeavesOneIntactRecord(t *testing.T) {
	keys := loadedKeys(t, testkit.SQLite(t), march)
	for name, value := range hostile {
		t.Run(name, func(t *testing.T) {
			x := everywhere(value)
			got := payloads(t, keys, delivery(1), x, delivery(2))
			if len(got) != 3 {
				t.Fatalf("%d records", len(got))
			}
			r := decoded(t, got[1])
			if err := keys.Open(&r); err != nil {
				t.Fatal(err)
			}
			if !utf8.ValidString(value) {
				x.Purpose, r.Exchange.Purpose = "", strings.Trim(r.Exchange.Purpose, "ab\ufffd") // every bad byte is marked
				*x, r.Exchange = simpul.Exchange{ID: x.ID, Purpose: x.Purpose}, simpul.Exchange{ID: r.Exchange.ID, Purpose: r.Exchange.Purpose}
			}
			if diff := cmp.Diff(*x, r.Exchange); diff != "" {
				t.Error(diff)
			}
			if bytes.ContainsAny([]byte(got[1]), "\n\r\x00\x1b\x07") {
				t.Errorf("control characters stand in the record: %q", got[1])
			}
			for _, after := range []string{got[0], got[2]} {
				if decoded(t, after).Exchange.Purpose != delivery(0).Purpose {
					t.Errorf("its neighbour is %s", after)
				}
			}
			var skimmed simpul.Exchange
			if sealed, err := newSkimmer().sealed([]byte(got[1]), &skimmed); !sealed || err != nil || skimmed.Address != delivery(0).Address {
				t.Errorf("skimmed %v, %v", sealed, err)
			}
		})
	}
}

// Whatever the texts are: one record, which says what they were.
func TestAnyTextLeavesOneIntactRecord(t *testing.T) {
	keys := loadedKeys(t, testkit.SQLite(t), march)
	rapid.Check(t, func(rt *rapid.T) {
		value := string(rapid.SliceOf(rapid.Byte()).Draw(rt, "value"))
		x := everywhere(value)
		s := &scratch{}
		record, err := keys.appendSealed(appendRecord(nil, Sealed, x), x, s)
		if value == "" {
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		r, err := DecodeRecord(appendSalted(appendClock(record, time.Millisecond)))
		if err != nil {
			rt.Fatal(err)
		}
		if err := keys.Open(&r); err != nil || r.Exchange.ID != x.ID || r.Exchange.Case != r.Exchange.Purpose || r.Clock != time.Millisecond {
			rt.Fatalf("%+v, %v", r, err)
		}
	})
}

// A value of 10 MB is refused, whether it would stand in the clear or sealed, and the
// journal goes on.
func TestAHugeValueIsRefused(t *testing.T) {
	keys := loadedKeys(t, testkit.SQLite(t), march)
	huge := strings.Repeat("x", 10<<20)
	data := t.TempDir()
	j := openTest(t, data, Options{})
	r := NewRecorder(j, keys, nil)
	for name, change := range map[string]func(*simpul.Exchange){
		"purpose": func(x *simpul.Exchange) { x.Purpose = huge },
		"path":    func(x *simpul.Exchange) { x.Operation.Path = huge },
		"case":    func(x *simpul.Exchange) { x.Case = huge },
		"subject": func(x *simpul.Exchange) { x.Consumer.Subject = huge },
		"persons": func(x *simpul.Exchange) { x.Persons = make([]simpul.Pseudonym, 1<<20); x.Persons[0] = "a" },
	} {
		x := delivery(0)
		change(x)
		if err := r.Open(t.Context(), x); simpul.CodeOf(err) != simpul.CodeTooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := r.Seal(t.Context(), delivery(1)); err != nil || j.Last() != 1 {
		t.Errorf("%d records, %v", j.Last(), err)
	}
	info, err := os.Stat(filepath.Join(j.dir, segmentName(1)))
	if err != nil || info.Size() > 4096 {
		t.Errorf("%d bytes on disk, %v", info.Size(), err)
	}
}

// The clock is set back by hours and years while the hub runs. Sequences go on,
// identifiers stay unique, every exchange is found, and nothing goes before its time. What
// is personal is not recorded under a month that the hub has behind it.
func TestTheClockIsSetBack(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		keys := loadedKeys(t, db, march)
		data := t.TempDir()
		o := Options{SegmentBytes: 2500, open: openUnsynced}
		j := openTest(t, data, o)
		var ids []simpul.ExchangeID
		seen := map[simpul.ExchangeID]bool{}
		for i, at := range []time.Time{march, march.Add(-3 * time.Hour), march.Add(time.Minute), march.AddDate(-1, 0, 0), march.AddDate(-1, 0, 0), march.AddDate(0, 0, 1), time.Unix(0, 0), march} {
			x := personalDelivery()
			x.OpenedAt, x.ID = at.UTC(), simpul.NewExchangeID(at)
			x.Class = classes[i%3]
			if at.Before(startOf(monthOf(march))) {
				if err := NewRecorder(j, keys, nil).Seal(t.Context(), x); simpul.CodeOf(err) != simpul.CodeUnavailable {
					t.Errorf("personal, with the clock at %s: %v", at, err)
				}
				*x = withoutPersonal(*x)
			}
			if err := NewRecorder(j, keys, nil).Seal(t.Context(), x); err != nil {
				t.Fatal(err)
			}
			if seen[x.ID] {
				t.Errorf("%s twice", x.ID)
			}
			seen[x.ID] = true
			ids = append(ids, x.ID)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		j = openTest(t, data, o)
		all, err := readAll(t, j, 1)
		if err != nil || len(all) != len(ids) {
			t.Fatalf("%d records, %v", len(all), err)
		}
		for i, p := range all {
			r := decoded(t, p)
			if err := keys.Open(&r); err != nil || r.Exchange.ID != ids[i] {
				t.Errorf("record %d: %v", i+1, err)
			}
		}
		x, _ := runIndex(t, db, j)
		caughtUp(t, x)
		e := NewExchanges(db, x)
		for _, id := range ids {
			if _, err := e.Get(t.Context(), nation, id); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		c := NewCleaner(db, j, NewKeys(db, fakeVault{}, clock.System), keptFor, clock.Fixed(march.AddDate(-5, 0, 0)))
		if n, err := c.Clean(t.Context()); n != 0 || err != nil {
			t.Errorf("with the clock years behind, %d files went: %v", n, err)
		}
	})
}

func TestRecordsReorderedWithinASegment(t *testing.T) {
	files := smallJournal(t)
	name := segmentName(1)
	frame := func(i int) []byte { return files[name][headerSize+i*smallFrame : headerSize+(i+1)*smallFrame] }
	build := func(order ...int) []byte {
		b := bytes.Clone(files[name][:headerSize])
		for _, i := range order {
			b = append(b, frame(i)...)
		}
		return b
	}
	for what, c := range map[string]struct {
		order []int
		place int // of the first record that is not the expected one
	}{
		"swapped":       {[]int{1, 0, 2}, 0},
		"last two":      {[]int{0, 2, 1}, 1},
		"one twice":     {[]int{0, 0, 1, 2}, 1},
		"one left out":  {[]int{0, 2}, 1},
		"the end twice": {[]int{0, 1, 2, 2}, 3},
		"backwards":     {[]int{2, 1, 0}, 0},
	} {
		t.Run(what, func(t *testing.T) {
			wantDamage(t, with(files, name, build(c.order...)), DamageError{File: name, Offset: int64(headerSize + c.place*smallFrame), Sequence: uint64(1 + c.place)})
		})
	}
}

func TestTroubles(t *testing.T) {
	for _, trouble := range Troubles() {
		what, remedy := trouble.Says()
		if what.ID == "" || what.EN == "" || remedy.ID == "" || remedy.EN == "" {
			t.Errorf("%s says nothing", trouble)
		}
	}
	for want, err := range map[Trouble]error{
		NoTrouble: nil, Full: fmt.Errorf("write: %w", syscall.ENOSPC), Damaged: explain(&DamageError{Err: FaultShort}), Forbidden: os.ErrPermission, Stopped: FaultShort,
		ReadOnly: syscall.EROFS, Faulty: unwritable(syscall.EIO),
	} {
		if got := TroubleOf(err); got != want {
			t.Errorf("%v is %q, want %q", err, got, want)
		}
	}
}
